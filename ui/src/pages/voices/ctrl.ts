// What the page of voices knows: the question in the address, its answer a page at a time.
import { useCallback, useEffect, useState } from 'react';
import { failureOf, get, path, useLoad, type Failure, type Loaded } from '../../lib/api';
import type { Mention, Voice, Voices } from '../../lib/shapes';
import { useParam } from '../../lib/url';
import { both, parseWhere, printWhere, quoted, type Condition } from '../../lib/where';

const AT_ONCE = 20;

export interface VoicesPage {
  readonly where: string;
  readonly setWhere: (w: string) => void;
  readonly all: boolean; // those without words too
  readonly setAll: (all: boolean) => void;
  readonly search: string;
  readonly setSearch: (text: string) => void;
  readonly rest: string; // the question without the search
  readonly setRest: (w: string) => void;
  readonly load: Loaded<Voices>;
  readonly again: () => void;
  readonly more: readonly Voice[]; // loaded after the first page
  readonly cursor: string | null;
  readonly loadMore: () => void;
  readonly busy: boolean;
  readonly trouble: Failure | null;
  readonly addMention: (m: Mention) => void;
  readonly addValue: (column: string, value: string) => void;
  readonly open: Voice | null;
  readonly setOpen: (id: string) => void;
  readonly csv: string;
}

const isSearch = (c: Condition): boolean => c.kind === 'has' && c.column === 'words';

export function useVoices(): VoicesPage {
  const [where, setWhere] = useParam('where');
  const [id, setOpen] = useParam('id');
  const [all, setAll] = useParam('all');
  const asked = all === '' ? both(where, 'words is not missing') : where;
  const [load, again] = useLoad<Voices>(path('/voices', { where: asked, limit: AT_ONCE }));
  const [more, setMore] = useState<readonly Voice[]>([]);
  const [cursor, setCursor] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Failure | null>(null);
  useEffect(() => {
    setMore([]);
    setTrouble(null);
    setCursor(load.state === 'ready' ? load.value.next_cursor : null);
  }, [load]);
  const loadMore = useCallback(() => {
    if (cursor === null) return;
    setBusy(true);
    get<Voices>(path('/voices', { where: asked, limit: AT_ONCE, cursor }))
      .then((v) => {
        setMore((old) => [...old, ...v.voices]);
        setCursor(v.next_cursor);
        setTrouble(null);
      })
      .catch((e: unknown) => setTrouble(failureOf(e)))
      .finally(() => setBusy(false));
  }, [cursor, asked]);
  const conditions = parseWhere(where);
  const found = conditions.find(isSearch);
  const search = found?.kind === 'has' ? found.text : '';
  const rest = printWhere(conditions.filter((c) => !isSearch(c)));
  const searched = (text: string): string => (text === '' ? '' : `words ~ ${quoted(text)}`);
  const shown = [...(load.state === 'ready' ? load.value.voices : []), ...more];
  const near = shown.find((v) => String(v.id) === id) ?? null;
  const [far] = useLoad<Voice>(id !== '' && load.state !== 'loading' && !near ? path(`/signals/${id}`) : null);
  const narrowed = (more: string): void => {
    if (!where.includes(more)) setWhere(both(where, more));
  };
  return {
    where, setWhere, all: all !== '', setAll: (a) => setAll(a ? '1' : ''), search, rest, load, again, more, cursor, loadMore, busy, trouble, setOpen,
    setSearch: (text) => setWhere(both(searched(text.trim()), rest)),
    setRest: (w) => setWhere(both(searched(search), w)),
    addMention: (m) => narrowed(`aspect = ${quoted(m.aspect)} and polarity = ${quoted(m.polarity)}`),
    addValue: (column, value) => narrowed(printWhere([{ kind: 'in', column, values: [value], not: false }])),
    open: id === '' ? null : (near ?? (far.state === 'ready' ? far.value : null)),
    csv: path('/export', { what: 'voices', where: asked, format: 'csv' }),
  };
}
