// A field for a password, with a button that shows what was typed.
import { Input, type InputProps } from 'antd';
import type { ReactNode } from 'react';
import { Icon, drawings } from './Icon';

export function SecretInput(props: Omit<InputProps, 'type'>): ReactNode {
  const eye = (shown: boolean): ReactNode => (
    <span>
      <Icon d={shown ? drawings.eye : drawings.eyeShut} size={18} />
    </span>
  );
  return <Input.Password {...props} iconRender={eye} />;
}
