// The explore page's place in the house.
import type { Page } from '../../lib/page';

export const page: Page = {
  at: '/explore',
  title: ['探索', '探索', 'Explore'],
  order: 4,
  right: 'metrics.read',
  icon: 'M4 20V4M4 20h16M8 16v-4M12 16V8M16 16v-6',
  load: () => import('./view'),
};
