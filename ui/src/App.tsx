// Decides what is shown: the way in for strangers, a page in its frame for everybody else.
import { ConfigProvider, Empty } from 'antd';
import en from 'antd/locale/en_US';
import cn from 'antd/locale/zh_CN';
import tw from 'antd/locale/zh_TW';
import { lazy, Suspense, useCallback, useEffect, useMemo, useState, type ComponentType, type ReactNode } from 'react';
import { keepCsrf, path, speak, useKept, useLoad, whenLost } from './lib/api';
import type { Page } from './lib/page';
import { HereProvider, useHere, type Here, type Session } from './lib/session';
import type { Taxonomy } from './lib/shapes';
import { dark as darkPalette, light as lightPalette, paint, themeOf } from './lib/theme';
import { useUrl } from './lib/url';
import { firstLocale, say, words, type Locale } from './lib/words';
import { pages } from './pages';
import { Catch } from './parts/Catch';
import { Frame } from './parts/Frame';
import { drawings, Icon } from './parts/Icon';
import { Link } from './parts/Link';
import { Refused } from './parts/Refused';

// The library's own says "loading" in English to whoever hears the page; the button's words say enough.
const turning = (
  <span className="anticon anticon-spin" aria-hidden="true">
    <Icon d={drawings.turn} size={14} />
  </span>
);

const antdWords = { 'zh-CN': cn, 'zh-TW': tw, en } as const;
const views: ReadonlyMap<Page, ComponentType> = new Map(pages.map((p) => [p, lazy(p.load)]));
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

function firstDark(): boolean {
  const kept = localStorage.getItem('heed.dark');
  return kept === null ? window.matchMedia('(prefers-color-scheme: dark)').matches : kept === '1';
}

function Waiting(): ReactNode {
  const { t } = useHere();
  return (
    <p className="waiting" role="status">
      {t('loading')}
    </p>
  );
}

function View({ page }: { readonly page: Page }): ReactNode {
  const { t, say: tell, locale } = useHere();
  const Shown = views.get(page);
  useEffect(() => {
    document.title = `${tell(page.title)} · Heed`;
    document.documentElement.lang = locale;
  }, [page, tell, locale]);
  return (
    <Catch key={page.at} title={t('broken')} again={t('again')}>
      <Suspense fallback={<Waiting />}>{Shown && <Shown />}</Suspense>
    </Catch>
  );
}

function Nowhere(): ReactNode {
  const { t } = useHere();
  return (
    <Empty description={t('notHereHint')}>
      <h1>{t('notHere')}</h1>
      <Link to="/">{t('toOverview')}</Link>
    </Empty>
  );
}

function Inside(): ReactNode {
  const { may } = useHere();
  const at = useUrl().pathname;
  const named = useKept<Taxonomy>(path('/taxonomy')) !== undefined; // so that no aspect is first shown by its id
  const mine = pages.filter((p) => !p.outside && (!p.right || may(p.right)));
  const first = mine.find((p) => p.order > 0); // who may not see the overview begins with what they may
  const page = mine.find((p) => p.at === at) ?? (at === '/' || at === '/setup' || at === '/enter' ? first : undefined);
  return (
    <Frame pages={mine.filter((p) => p.order > 0)} here={page?.at ?? at}>
      {page ? named ? <View page={page} /> : <Waiting /> : <Nowhere />}
    </Frame>
  );
}

function Door(): ReactNode {
  const outside = pages.find((p) => p.outside);
  return outside ? <View page={outside} /> : <Nowhere />;
}

// Asks who we are, once; afterwards enter() and a refused call change it.
function Whom({ known }: { readonly known: boolean }): ReactNode {
  const { session, enter } = useHere();
  const [load, again] = useLoad<Session>(known ? null : path('/session'));
  useEffect(() => {
    if (load.state === 'ready') enter(load.value);
    if (load.state === 'failed' && load.failure.status === 401) enter(null);
  }, [load, enter]);
  if (known) return session ? <Inside /> : <Door />;
  if (load.state === 'failed' && load.failure.status !== 401) return <Refused failure={load.failure} again={again} />;
  return <Waiting />;
}

export function App(): ReactNode {
  const [locale, keepLocale] = useState(firstLocale);
  const [dark, keepDark] = useState(firstDark);
  const [session, setSession] = useState<Session | null | undefined>(undefined);
  const palette = dark ? darkPalette : lightPalette;
  speak(locale); // before anything below asks
  useEffect(() => paint(palette, dark), [palette, dark]);
  const enter = useCallback((s: Session | null) => {
    keepCsrf(s?.csrf ?? '');
    setSession(s);
  }, []);
  useEffect(() => whenLost(() => enter(null)), [enter]);
  const here = useMemo<Here>(
    () => ({
      locale,
      palette,
      dark,
      session: session ?? null,
      enter,
      t: (w) => say(locale, words[w]),
      say: (p, fills) => say(locale, p, fills),
      may: (right) => session?.rights.includes(right) ?? false,
      setLocale: (l: Locale) => {
        localStorage.setItem('heed.locale', l);
        keepLocale(l);
      },
      setDark: (d: boolean) => {
        localStorage.setItem('heed.dark', d ? '1' : '0');
        keepDark(d);
      },
    }),
    [locale, palette, dark, session, enter],
  );
  return (
    <ConfigProvider theme={themeOf(dark)} locale={antdWords[locale]} csp={{ nonce }} button={{ autoInsertSpace: false, loadingIcon: turning }}>
      <HereProvider value={here}>
        <Whom known={session !== undefined} />
      </HereProvider>
    </ConfigProvider>
  );
}
