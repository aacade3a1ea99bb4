// What the dashboards know: all one may see, the one that is open, and how it is changed.
import { useCallback, useMemo, useState } from 'react';
import { path, useLoad, type Loaded } from '../../lib/api';
import { boardsAt, changeBoard, deleteBoard, makeBoard, moved, type BoardChange, type Boards } from '../../lib/boards';
import { useDoing, type Doing } from '../../lib/doing';
import type { Dashboard, Tally, Tile } from '../../lib/shapes';
import { groupedBy, readQuestion, type Question } from '../../lib/tally';
import { go, useParam } from '../../lib/url';

export interface Page {
  readonly load: Loaded<Boards>;
  readonly again: () => void;
  readonly boards: readonly Dashboard[];
  readonly board: Dashboard | null;
  readonly missing: boolean; // the address names one that is not there
  readonly editing: boolean;
  readonly edit: (on: boolean) => void;
  readonly doing: Doing;
  readonly make: (name: string) => Promise<boolean>;
  readonly change: (what: BoardChange) => void;
  readonly remove: () => void;
}

export function useDashboards(): Page {
  const [load, again] = useLoad<Boards>(boardsAt);
  const [put, setPut] = useState<ReadonlyMap<number, Dashboard>>(new Map());
  const [id] = useParam('id');
  const [edit, setEdit] = useParam('edit');
  const reload = useCallback(() => {
    setPut(new Map());
    again();
  }, [again]);
  const doing = useDoing(reload);
  const { run } = doing;
  const boards = useMemo(
    () => (load.state === 'ready' ? load.value.dashboards.map((b) => put.get(b.id) ?? b) : []),
    [load, put],
  );
  const board = boards.find((b) => String(b.id) === id) ?? (id === '' ? (boards[0] ?? null) : null);
  const show = useCallback((b: Dashboard) => setPut((m) => new Map(m).set(b.id, b)), []);
  const make = (name: string): Promise<boolean> =>
    run(async () => {
      const b = await makeBoard(name, []);
      again();
      go(`/dashboards?id=${b.id}`);
    });
  const change = (what: BoardChange): void => {
    if (board) void run(async () => show(await changeBoard(board, what)));
  };
  const remove = (): void => {
    if (!board) return;
    void run(async () => {
      await deleteBoard(board);
      again();
      go('/dashboards');
    });
  };
  return {
    load, again: reload, boards, board, doing, make, change, remove,
    missing: load.state === 'ready' && id !== '' && board === null,
    editing: edit !== '' && (board?.mine ?? false),
    edit: (on) => setEdit(on ? '1' : ''),
  };
}

export const withTitle = (tiles: readonly Tile[], at: number, title: string): readonly Tile[] =>
  tiles.map((t, i) => (i === at ? { ...t, title } : t));
export const without = (tiles: readonly Tile[], at: number): readonly Tile[] => tiles.filter((_, i) => i !== at);
export { moved };

export interface Asked {
  readonly question: Question;
  readonly load: Loaded<Tally>;
  readonly again: () => void;
}

export function useTile(tile: Tile): Asked {
  const question = useMemo(() => readQuestion(tile.question), [tile.question]);
  const { metric, where } = question;
  const [load, again] = useLoad<Tally>(path('/tally', { metric: metric || 'count', by: groupedBy(question), where }));
  return { question, load, again };
}
