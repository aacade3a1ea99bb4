// The outbox's place in the house.
import type { Page } from '../../lib/page';

export const page: Page = {
  at: '/outbox',
  title: ['发件箱', '寄件匣', 'Outbox'],
  order: 6.6,
  right: 'keys.write',
  icon: 'M3 6h18v12H3ZM3 7l9 6.5L21 7',
  load: () => import('./view'),
};
