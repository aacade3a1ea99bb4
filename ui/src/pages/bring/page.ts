// The place where data comes in.
import type { Page } from '../../lib/page';

export const page: Page = {
  at: '/bring',
  title: ['接入数据', '接入資料', 'Bring data in'],
  order: 7,
  right: 'signals.write',
  icon: 'M12 15V4M7.5 8.5 12 4l4.5 4.5M4 15v5h16v-5',
  load: () => import('./view'),
};
