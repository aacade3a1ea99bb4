// All pages there are: adding or deleting a folder with a page.ts is all it takes.
import type { Page } from '../lib/page';

const found = import.meta.glob<{ readonly page: Page }>('./*/page.ts', { eager: true });

export const pages: readonly Page[] = Object.values(found)
  .map((m) => m.page)
  .sort((a, b) => a.order - b.order);
