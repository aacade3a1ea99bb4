// A sentence that stands out: something went wrong, wants care, or is done.
import { Alert } from 'antd';
import type { ReactNode } from 'react';
import { Icon, drawings } from './Icon';

interface Props {
  readonly type: 'error' | 'warning' | 'info' | 'success';
  readonly title: ReactNode;
  readonly more?: ReactNode;
  readonly action?: ReactNode;
}

export function Note({ type, title, more, action }: Props): ReactNode {
  const bad = type === 'error';
  return (
    <Alert
      className={bad ? 'refused' : 'note'}
      type={type}
      showIcon
      icon={<Icon d={type === 'success' ? drawings.check : drawings.care} size={18} />}
      role={bad ? 'alert' : 'status'}
      title={title}
      {...(more ? { description: more } : {})}
      {...(action ? { action } : {})}
    />
  );
}
