// The way in: shown to whoever is not signed in, whatever the address.
import type { Page } from '../../lib/page';

export const page: Page = {
  at: '/enter',
  also: ['/setup'],
  title: ['登录', '登入', 'Sign in'],
  order: 0,
  icon: 'M12 3v18',
  outside: true,
  load: () => import('./view'),
};
