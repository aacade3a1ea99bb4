// A trend the size of a word; the number beside it says the rest.
import type { ReactNode } from 'react';

interface Props {
  readonly values: readonly (number | null)[];
  readonly colour: string;
  readonly label: string;
}

export function Spark({ values, colour, label }: Props): ReactNode {
  const known = values.filter((v) => v !== null);
  const top = Math.max(...known, 1e-9);
  const step = 96 / Math.max(values.length - 1, 1);
  const points = values.map((v, i) => (v === null ? null : `${(2 + i * step).toFixed(1)},${(22 - (v / top) * 18).toFixed(1)}`));
  const last = points[points.length - 1]?.split(',');
  if (known.length < 2) return null;
  return (
    <svg className="spark" width="100" height="26" viewBox="0 0 100 26" role="img" aria-label={label}>
      <polyline
        points={points.filter((p) => p !== null).join(' ')}
        fill="none"
        stroke={colour}
        strokeWidth="1.8"
        strokeLinejoin="round"
      />
      {last && <circle cx={last[0]} cy={last[1]} r="2.6" fill={colour} />}
    </svg>
  );
}
