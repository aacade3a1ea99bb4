// The metrics' place in the house.  (/metrics is the server's own: counts for Prometheus.)
import type { Page } from '../../lib/page';

export const page: Page = {
  at: '/metric',
  title: ['指标', '指標', 'Metrics'],
  order: 4.2,
  right: 'metrics.read',
  icon: 'M4 19V5M4 19h16M7 15l3.5-4 3 2.5L19 7M19 7h-3.5M19 7v3.5',
  load: () => import('./view'),
};
