// Dashboards: pages of saved questions, and how they are changed.
import { path, send, sendSeen } from './api';
import type { Dashboard, Tile } from './shapes';

export interface Boards {
  readonly dashboards: readonly Dashboard[];
}

export const boardsAt = path('/dashboards', { limit: 200 });
const at = (id: number): string => path(`/dashboards/${id}`);

export function makeBoard(name: string, tiles: readonly Tile[]): Promise<Dashboard> {
  return send<Dashboard>('POST', path('/dashboards'), { name: name.trim(), tiles });
}

export type BoardChange = Partial<Pick<Dashboard, 'name' | 'shared' | 'tiles'>>;

export function changeBoard(b: Dashboard, what: BoardChange): Promise<Dashboard> {
  return sendSeen<Dashboard>('PATCH', at(b.id), { version: b.version }, what);
}

export async function deleteBoard(b: Dashboard): Promise<void> {
  await sendSeen<Dashboard>('DELETE', at(b.id), { version: b.version });
}

// The tiles with the one at `from` moved by `steps`; what would leave the page stays.
export function moved(tiles: readonly Tile[], from: number, steps: number): readonly Tile[] {
  const to = from + steps;
  const one = tiles[from];
  if (!one || to < 0 || to >= tiles.length) return tiles;
  const rest = tiles.filter((_, i) => i !== from);
  return [...rest.slice(0, to), one, ...rest.slice(to)];
}
