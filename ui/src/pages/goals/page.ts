// The goals' place in the house.
import type { Page } from '../../lib/page';

export const page: Page = {
  at: '/goals',
  title: ['目标', '目標', 'Goals'],
  order: 3.6,
  right: 'metrics.read',
  icon: 'M12 3v4M12 7a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM5 21l3-5M19 21l-3-5M12 11h.01',
  load: () => import('./view'),
};
