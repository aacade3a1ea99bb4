// The outbox's place in the house.
import type { Page } from '../../lib/page';

export const page: Page = {
  at: '/outbox',
  title: ['发件箱', '寄件匣', 'Outbox'],
  order: 6.6,
  right: 'keys.write',
  icon: 'M4 13v5h16v-5M12 15V4M7.5 8.5 12 4l4.5 4.5',
  load: () => import('./view'),
};
