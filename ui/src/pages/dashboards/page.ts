// The dashboards' place in the house.
import type { Page } from '../../lib/page';

export const page: Page = {
  at: '/dashboards',
  title: ['看板', '看板', 'Dashboards'],
  order: 4.5,
  right: 'metrics.read',
  icon: 'M4 4h7v9H4zM13 4h7v5h-7zM13 11h7v9h-7zM4 15h7v5H4z',
  load: () => import('./view'),
};
