// One colour, one meaning, everywhere.  Chosen to stay apart for colour-blind eyes (Okabe & Ito 2008)
// and to reach 4.5:1 on their ground; ui/README.md shows them.
import { theme, type ThemeConfig } from 'antd';

export interface Palette {
  readonly ground: string;
  readonly card: string;
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
  readonly heed: string; // us: links, chosen things, the main line of a chart
  readonly pain: string; // negative, detractor, overdue
  readonly delight: string; // positive, promoter, done
  readonly even: string; // neutral, passive
  readonly doubt: string; // intervals and everything not certain
}

export const light: Palette = {
  ground: '#f6f5f2',
  card: '#ffffff',
  ink: '#1d1f24',
  quiet: '#5c6068',
  line: '#e3e1da',
  heed: '#5a3fb5',
  pain: '#b8470b',
  delight: '#00699c',
  even: '#6b7078',
  doubt: '#c9c2e6',
};

export const dark: Palette = {
  ground: '#14151a',
  card: '#1d1f26',
  ink: '#eceae4',
  quiet: '#a2a6b0',
  line: '#33363f',
  heed: '#b3a2f2',
  pain: '#ff9a5c',
  delight: '#62c0f2',
  even: '#a2a6b0',
  doubt: '#4a4276',
};

export function themeOf(isDark: boolean): ThemeConfig {
  const p = isDark ? dark : light;
  return {
    algorithm: isDark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    components: { Button: { primaryColor: isDark ? p.ground : p.card, dangerColor: isDark ? p.ground : p.card } },
    token: {
      colorPrimary: p.heed,
      colorError: p.pain,
      colorSuccess: p.delight,
      colorInfo: p.heed,
      colorText: p.ink,
      colorTextSecondary: p.quiet,
      colorTextTertiary: p.quiet,
      colorTextDescription: p.quiet,
      colorTextPlaceholder: p.quiet,
      colorBgLayout: p.ground,
      colorBgContainer: p.card,
      colorBorderSecondary: p.line,
      borderRadius: 8,
      fontSize: 14,
      fontFamily: 'var(--face)',
    },
  };
}

// The palette as CSS variables (--ink, --heed, ...), for main.css.
export function paint(p: Palette, isDark: boolean): void {
  const root = document.documentElement;
  root.style.colorScheme = isDark ? 'dark' : 'light';
  for (const [name, colour] of Object.entries(p)) root.style.setProperty(`--${name}`, String(colour));
}
