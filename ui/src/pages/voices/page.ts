// The voices page's place in the house.
import type { Page } from '../../lib/page';

export const page: Page = {
  at: '/voices',
  title: ['原声', '原聲', 'Voices'],
  order: 2,
  right: 'signals.read',
  icon: 'M4 5h16v11H9l-5 4ZM8 9h8M8 12.5h5',
  load: () => import('./view'),
};
