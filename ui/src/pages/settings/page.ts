// The settings page's place in the house.
import type { Page } from '../../lib/page';

export const page: Page = {
  at: '/settings',
  title: ['设置', '設定', 'Settings'],
  order: 8,
  icon: 'M4 7h9M17 7h3M4 17h3M11 17h9M13 7a2 2 0 1 0 4 0 2 2 0 0 0-4 0ZM7 17a2 2 0 1 0 4 0 2 2 0 0 0-4 0Z',
  load: () => import('./view'),
};
