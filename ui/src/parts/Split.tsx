// A list and one of its things beside it; on a phone one at a time.
import type { ReactNode } from 'react';
import './split.css';

interface Props {
  readonly open: boolean; // one of its things is chosen
  readonly list: ReactNode;
  readonly one: ReactNode;
}

export function Split({ open, list, one }: Props): ReactNode {
  return (
    <div className={open ? 'split split-open' : 'split'}>
      <div className="split-list">{list}</div>
      <div className="split-one">{one}</div>
    </div>
  );
}
