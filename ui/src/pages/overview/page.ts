// The overview page's place in the house.
import type { Page } from '../../lib/page';

export const page: Page = {
  at: '/',
  title: ['总览', '總覽', 'Overview'],
  order: 1,
  right: 'metrics.read',
  icon: 'M4 13h6V4H4zM14 20h6v-9h-6zM4 20h6v-3H4zM14 7h6V4h-6z',
  load: () => import('./view'),
};
