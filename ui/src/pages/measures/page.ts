// The measures' place in the house.
import type { Page } from '../../lib/page';

export const page: Page = {
  at: '/measures',
  title: ['改进与证明', '改善與證明', 'Measures'],
  order: 5.5,
  right: 'measures.read',
  icon: 'M4 20V10M10 20V4M16 20v-7M3 20h18M14.5 7.5l2 2L21 5',
  load: () => import('./view'),
};
