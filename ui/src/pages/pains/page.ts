// The pains page's place in the house.
import type { Page } from '../../lib/page';

export const page: Page = {
  at: '/pains',
  title: ['痛点与悦点', '痛點與悅點', 'Pains & delights'],
  short: ['痛点', '痛點', 'Pains'],
  order: 3,
  right: 'signals.read',
  icon: 'M3 12h4l2.5-7 5 14 2.5-7h4',
  load: () => import('./view'),
};
