// A small sign that says more when it is pointed at or focused.
import { Tooltip } from 'antd';
import type { ReactNode } from 'react';
import './hint.css';

export function Hint({ label, text }: { readonly label: string; readonly text: string }): ReactNode {
  return (
    <Tooltip title={text} trigger={['hover', 'focus']}>
      <button type="button" className="hint" aria-label={`${label}: ${text}`}>
        ?
      </button>
    </Tooltip>
  );
}
