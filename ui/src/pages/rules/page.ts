// The rules page's place in the house.
import type { Page } from '../../lib/page';

export const page: Page = {
  at: '/rules',
  title: ['规则', '規則', 'Rules'],
  order: 6,
  right: 'tickets.read',
  icon: 'M5 5h6v5H5ZM13 14h6v5h-6ZM8 10v6.5h5M11 7.5h5V14',
  load: () => import('./view'),
};
