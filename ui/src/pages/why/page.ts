// The place in the house of "why did it move".
import type { Page } from '../../lib/page';

export const page: Page = {
  at: '/why',
  title: ['为什么变了', '為什麼變了', 'Why did it move'],
  short: ['为什么', '為什麼', 'Why'],
  order: 4.2,
  right: 'metrics.read',
  icon: 'M4 5h4v14H4z M10 9h4v6h-4z M16 5h4v14h-4z',
  load: () => import('./view'),
};
