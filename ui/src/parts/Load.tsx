// The four states of everything that is loaded: waiting, failed, empty, there.
import { Empty, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import type { Loaded } from '../lib/api';
import { useHere } from '../lib/session';
import { Refused } from './Refused';

interface Props<T> {
  readonly load: Loaded<T>;
  readonly again: () => void;
  readonly empty?: (value: T) => boolean;
  readonly hint?: ReactNode;
  readonly rows?: number;
  readonly children: (value: T) => ReactNode;
}

export function Load<T>({ load, again, empty, hint, rows = 4, children }: Props<T>): ReactNode {
  const { t } = useHere();
  switch (load.state) {
    case 'loading':
      return (
        <div role="status" aria-label={t('loading')}>
          <Skeleton active paragraph={{ rows }} title={false} />
        </div>
      );
    case 'failed':
      return <Refused failure={load.failure} again={again} />;
    case 'ready':
      return empty?.(load.value) ? <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={hint ?? t('nothingHint')} /> : children(load.value);
  }
}
