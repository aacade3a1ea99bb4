// The journeys page's place in the house.
import type { Page } from '../../lib/page';

export const page: Page = {
  at: '/journeys',
  title: ['客户旅程', '顧客旅程', 'Journeys'],
  short: ['旅程', '旅程', 'Journeys'],
  order: 3.5,
  right: 'metrics.read',
  icon: 'M5 19a2 2 0 1 0 0-4a2 2 0 0 0 0 4zM19 9a2 2 0 1 0 0-4a2 2 0 0 0 0 4zM7 17h6a3 3 0 0 0 0-6h-2a3 3 0 0 1 0-4h6',
  load: () => import('./view'),
};
