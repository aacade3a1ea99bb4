// What stands around every page: the way to the others, language, light, who is here.
import { lazy, Suspense, useEffect, useRef, type ReactNode } from 'react';
import { send, path } from '../lib/api';
import type { Page } from '../lib/page';
import { useHere } from '../lib/session';
import { useTour } from '../lib/tour';
import { locales, type Locale } from '../lib/words';
import { Icon, drawings } from './Icon';
import './frame.css';
import { Link } from './Link';

const tongues: Readonly<Record<Locale, string>> = { 'zh-CN': '简体中文', 'zh-TW': '繁體中文', en: 'English' };
const TABS = 4; // beside the menu at the foot of a phone
const Tour = lazy(() => import('./Tour')); // when it is asked for

export function Mark(): ReactNode {
  return (
    <span className="mark">
      <svg width="26" height="26" viewBox="0 0 26 26" aria-hidden="true" focusable="false">
        <rect width="26" height="26" rx="7" fill="var(--heed)" />
        <path
          d="M8 14.5V11a5 5 0 0 1 10 0c0 3-3 3.4-3 6a2.6 2.6 0 0 1-4.6 1.6M11 11.4a2 2 0 0 1 4 0"
          fill="none"
          stroke="var(--card)"
          strokeWidth="1.8"
          strokeLinecap="round"
        />
      </svg>
      Heed
    </span>
  );
}

export function Choices(): ReactNode {
  const { t, locale, setLocale, dark, setDark } = useHere();
  return (
    <div className="choices">
      <label className="choice">
        <Icon d={drawings.globe} size={18} />
        <span className="sr">{t('language')}</span>
        <select value={locale} onChange={(e) => setLocale(e.target.value as Locale)}>
          {locales.map((l) => (
            <option key={l} value={l}>
              {tongues[l]}
            </option>
          ))}
        </select>
      </label>
      <button type="button" className="choice" onClick={() => setDark(!dark)}>
        <Icon d={dark ? drawings.sun : drawings.moon} size={18} />
        {t(dark ? 'light' : 'dark')}
      </button>
    </div>
  );
}

function Help({ onGo }: { readonly onGo?: () => void }): ReactNode {
  const { t } = useHere();
  const tour = useTour();
  const begin = (): void => {
    onGo?.();
    tour.go(0);
  };
  return (
    <button type="button" className="choice" onClick={begin}>
      <Icon d={drawings.help} size={18} />
      {t('tour')}
    </button>
  );
}

function Person(): ReactNode {
  const { session, t, enter } = useHere();
  if (!session) return null;
  const leave = (): void => {
    send('DELETE', path('/session')).finally(() => enter(null));
  };
  return (
    <div className="person">
      <span className="person-name" translate="no">
        {session.user.title || session.user.name}
      </span>
      <button type="button" className="choice" onClick={leave}>
        <Icon d={drawings.leave} size={18} />
        {t('signOut')}
      </button>
    </div>
  );
}

interface Props {
  readonly pages: readonly Page[];
  readonly here: string;
  readonly children: ReactNode;
}

function Ways({ pages, here, onGo }: Omit<Props, 'children'> & { readonly onGo?: () => void }): ReactNode {
  const { say } = useHere();
  return (
    <ul className="ways">
      {pages.map((p) => (
        <li key={p.at}>
          <Link to={p.at} current={p.at === here} className="way" {...(onGo ? { onGo } : {})}>
            <Icon d={p.icon} />
            <span>{say(p.title)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

export function Frame({ pages, here, children }: Props): ReactNode {
  const { t, say } = useHere();
  const menu = useRef<HTMLDialogElement>(null);
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const tour = useTour();
  useEffect(() => {
    window.scrollTo(0, 0);
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
  }, [here]);
  const shut = (): void => menu.current?.close();
  return (
    <div className="frame">
      <a className="skip" href="#main">
        {t('skip')}
      </a>
      <header className="side">
        <Link to="/" label="Heed">
          <Mark />
        </Link>
        <nav aria-label={t('mainMenu')}>
          <Ways pages={pages} here={here} />
        </nav>
        <div>
          <Help />
          <Choices />
        </div>
        <Person />
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
      <nav className="tabs" aria-label={t('mainMenu')}>
        {pages.slice(0, TABS).map((p) => (
          <Link key={p.at} to={p.at} current={p.at === here} className="tab">
            <Icon d={p.icon} size={22} />
            <span>{say(p.short ?? p.title)}</span>
          </Link>
        ))}
        <button type="button" className="tab" onClick={() => menu.current?.showModal()}>
          <Icon d={drawings.menu} size={22} />
          <span>{t('menu')}</span>
        </button>
      </nav>
      <dialog className="sheet" ref={menu} aria-label={t('menu')}>
        <button type="button" className="choice sheet-close" onClick={shut}>
          <Icon d={drawings.close} />
          {t('close')}
        </button>
        <Ways pages={pages} here={here} onGo={shut} />
        <Help onGo={shut} />
        <Choices />
        <Person />
      </dialog>
      {tour.step !== null && (
        <Suspense fallback={null}>
          <Tour pages={pages} />
        </Suspense>
      )}
    </div>
  );
}
