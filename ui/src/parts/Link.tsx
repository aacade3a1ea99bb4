// A way to another page without loading the program again; the browser's own clicks stay the browser's.
import type { CSSProperties, MouseEvent, ReactNode } from 'react';
import { go } from '../lib/url';

interface Props {
  readonly to: string;
  readonly className?: string;
  readonly style?: CSSProperties;
  readonly current?: boolean;
  readonly label?: string;
  readonly onGo?: () => void;
  readonly children: ReactNode;
}

export function Link({ to, className, style, current, label, onGo, children }: Props): ReactNode {
  const click = (e: MouseEvent): void => {
    if (e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
    e.preventDefault();
    onGo?.();
    go(to);
  };
  return (
    <a
      href={to}
      className={className}
      style={style}
      aria-current={current ? 'page' : undefined}
      aria-label={label}
      onClick={click}
    >
      {children}
    </a>
  );
}
