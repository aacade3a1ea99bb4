// A difference with its interval, and whether it is one at all.
import type { ReactNode } from 'react';
import { range, signed } from '../lib/format';
import { useHere } from '../lib/session';
import type { Change } from '../lib/stats';
import type { Phrase } from '../lib/words';

const unclear: Phrase = ['无明显变化', '無明顯變化', 'no clear change'];

interface Props {
  readonly change: Change;
  readonly upIsGood: boolean | null; // null: neither
  readonly unit?: string;
}

export function Delta({ change, upIsGood, unit = '' }: Props): ReactNode {
  const { locale, say, t } = useHere();
  const good = upIsGood === null ? null : change.value > 0 === upIsGood;
  const tone = !change.clear || good === null ? 'quiet' : good ? 'good' : 'bad';
  const interval = `${t('interval')} ${range(locale, change.low, change.high)}`;
  return (
    <span className={`delta num ${tone}`} title={interval}>
      {change.clear && <span aria-hidden="true">{change.value > 0 ? '▲' : '▼'} </span>}
      {signed(locale, change.value)}
      {unit}
      {!change.clear && <span className="small"> {say(unclear)}</span>}
    </span>
  );
}
