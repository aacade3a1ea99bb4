// Why something did not work: a sentence in the reader's language, and below it what the server said.
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { CHANGED, type Failure } from '../lib/api';
import { useHere } from '../lib/session';
import type { Phrase, Phrases } from '../lib/words';
import { Note } from './Note';

const w = {
  unreachable: [
    '连不上服务器，请检查网络后再试。',
    '連不上伺服器，請檢查網路後再試。',
    'The server cannot be reached. Check the connection and try again.',
  ],
  changed: [
    '刚刚有人改过它。现在显示的是最新内容，请再做一次您的修改。',
    '剛剛有人改過它。現在顯示的是最新內容，請再做一次您的修改。',
    'Somebody changed this meanwhile. You now see the newest; please make your change again.',
  ],
  later: ['请求太多，请在 {n} 秒后再试。', '請求太多，請在 {n} 秒後再試。', 'Too many requests. Try again in {n} seconds.'],
} satisfies Phrases;

interface Props {
  readonly failure: Failure | null;
  readonly instead?: Readonly<Record<number, Phrase>>; // the page's own sentence for a status
  readonly again?: () => void;
}

export function Refused({ failure, instead, again }: Props): ReactNode {
  const { say, t } = useHere();
  if (!failure) return null;
  const { status, later } = failure;
  const own = instead?.[status];
  const title = own
    ? say(own, { n: later ?? '' })
    : status === 0
      ? say(w.unreachable)
      : status === CHANGED
        ? say(w.changed)
        : status === 429 && later
          ? say(w.later, { n: later })
          : failure.title || t('failed');
  const known = own !== undefined || status === 0 || status === CHANGED || (status === 429 && later !== null);
  return (
    <Note
      type="error"
      title={title}
      more={known ? null : <span translate="no">{failure.why}</span>}
      action={again && <Button onClick={again}>{t('again')}</Button>}
    />
  );
}
