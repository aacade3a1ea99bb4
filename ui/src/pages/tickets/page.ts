// The tickets page's place in the house.
import type { Page } from '../../lib/page';

export const page: Page = {
  at: '/tickets',
  title: ['工单', '工單', 'Tickets'],
  order: 5,
  right: 'tickets.read',
  icon: 'M4 6h16v4a2 2 0 0 0 0 4v4H4v-4a2 2 0 0 0 0-4ZM14 6v12',
  load: () => import('./view'),
};
