// The alerts' place in the house.
import type { Page } from '../../lib/page';

export const page: Page = {
  at: '/alerts',
  title: ['预警', '預警', 'Alerts'],
  order: 4.5,
  right: 'metrics.read',
  icon: 'M12 3a6 6 0 0 0-6 6v4l-2 4h16l-2-4V9a6 6 0 0 0-6-6zM10 20a2 2 0 0 0 4 0',
  load: () => import('./view'),
};
