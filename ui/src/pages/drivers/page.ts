// The place in the house of what drives an outcome.
import type { Page } from '../../lib/page';

export const page: Page = {
  at: '/drivers',
  title: ['驱动因素', '驅動因素', 'Drivers'],
  short: ['驱动', '驅動', 'Drivers'],
  order: 4.3,
  right: 'metrics.read',
  icon: 'M4 20V4 M4 20h16 M8 15h.01 M12 8h.01 M16 12h.01 M18 6h.01',
  load: () => import('./view'),
};
