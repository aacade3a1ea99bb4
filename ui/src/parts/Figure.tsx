// A number people can trust: value, interval, n, definition and age, together or not at all.
import { Tooltip } from 'antd';
import type { ReactNode } from 'react';
import { age, count, number, range, type Estimate } from '../lib/format';
import { useHere } from '../lib/session';

interface Props {
  readonly title: string;
  readonly unit: string;
  readonly est: Estimate;
  readonly definition: string;
  readonly newest: string | null;
  readonly onOpen?: () => void;
}

export function Figure({ title, unit, est, definition, newest, onOpen }: Props): ReactNode {
  const { locale, t, palette } = useHere();
  const value = number(locale, est.value);
  const why = est.reason === 'too_few' ? t('tooFew') : t('noAnswer');
  const body = (
    <>
      <div style={{ color: palette.quiet, fontSize: 14 }}>{title}</div>
      <div style={{ fontSize: 34, lineHeight: 1.2, fontVariantNumeric: 'tabular-nums' }}>
        {value ?? <span style={{ fontSize: 20, color: palette.quiet }}>{why}</span>}
        {value !== null && unit === '%' ? ' %' : ''}
      </div>
      <div style={{ color: palette.quiet, fontSize: 12 }}>
        {est.low !== null && est.high !== null && (
          <span>
            {t('interval')} {range(locale, est.low, est.high)} ·{' '}
          </span>
        )}
        n = {count(locale, est.n)}
        {newest && <span> · {age(locale, newest)}</span>}
      </div>
    </>
  );
  return (
    <Tooltip title={`${t('definition')} ${definition}`}>
      {onOpen ? (
        <button type="button" className="figure" onClick={onOpen}>
          {body}
        </button>
      ) : (
        <div className="figure">{body}</div>
      )}
    </Tooltip>
  );
}
