// Pages of saved questions: read at a glance, arranged by whoever made them.
import { Button, Empty, Input, Switch } from 'antd';
import { useState, type FormEvent, type ReactNode } from 'react';
import { age } from '../../lib/format';
import { useHere } from '../../lib/session';
import type { Cell, Dashboard, Tile } from '../../lib/shapes';
import { go } from '../../lib/url';
import { answered, both, cellWhere } from '../../lib/where';
import { Answer } from '../../parts/Answer';
import { voicesAt } from '../../parts/Found';
import { Icon, drawings } from '../../parts/Icon';
import { Link } from '../../parts/Link';
import { Load } from '../../parts/Load';
import { Pills } from '../../parts/Pills';
import { Refused } from '../../parts/Refused';
import { Sheet } from '../../parts/Sheet';
import { moved, useDashboards, useTile, without, withTitle, type Page } from './ctrl';
import './dashboards.css';
import { page } from './page';
import { w } from './words';

interface NameProps {
  readonly label: string;
  readonly value: string;
  readonly busy: boolean;
  readonly onName: (name: string) => void;
}

// A name that is kept when it is left or Enter is pressed.
function Name({ label, value, busy, onName }: NameProps): ReactNode {
  const [text, setText] = useState(value);
  const keep = (): void => {
    const name = text.trim();
    if (name && name !== value) onName(name);
    else setText(value);
  };
  return (
    <Input
      aria-label={label}
      value={text}
      maxLength={60}
      readOnly={busy}
      onChange={(e) => setText(e.target.value)}
      onPressEnter={keep}
      onBlur={keep}
    />
  );
}

function Arrange({ p, board, at }: { readonly p: Page; readonly board: Dashboard; readonly at: number }): ReactNode {
  const { say } = useHere();
  const { tiles } = board;
  const name = tiles[at]?.title ?? '';
  const put = (next: readonly Tile[]): void => p.change({ tiles: next });
  const deeds = [
    { label: say(w.up, { name }), icon: drawings.back, off: at === 0, act: () => put(moved(tiles, at, -1)) },
    { label: say(w.down, { name }), icon: drawings.right, off: at === tiles.length - 1, act: () => put(moved(tiles, at, 1)) },
    { label: say(w.drop, { name }), icon: drawings.close, off: false, act: () => put(without(tiles, at)) },
  ];
  return (
    <div className="arrange">
      <Name
        key={name}
        label={say(w.tileName, { n: at + 1 })}
        value={name}
        busy={p.doing.busy}
        onName={(title) => put(withTitle(tiles, at, title))}
      />
      {deeds.map((d) => (
        <Button key={d.label} aria-label={d.label} title={d.label} disabled={d.off || p.doing.busy} onClick={d.act}>
          <Icon d={d.icon} size={16} />
        </Button>
      ))}
    </div>
  );
}

function TileCard({ p, board, at, tile }: { readonly p: Page; readonly board: Dashboard; readonly at: number; readonly tile: Tile }): ReactNode {
  const { say, locale } = useHere();
  const { question, load, again } = useTile(tile);
  const open = (c: Cell): void => {
    if (load.state === 'ready') go(voicesAt(both(question.where, answered(load.value.metric), cellWhere(c.key))));
  };
  return (
    <section className="card tile">
      {p.editing ? (
        <Arrange p={p} board={board} at={at} />
      ) : (
        <h2 translate="no">
          <Link to={`/explore?${tile.question}`}>{tile.title}</Link>
        </h2>
      )}
      <Load load={load} again={again} rows={5} empty={(t) => t.cells.length === 0}>
        {(t) => (
          <>
            <Answer tally={t} look={question.look} open={open} small />
            {t.newest && <p className="quiet small foot">{say(w.n, { age: age(locale, t.newest) })}</p>}
          </>
        )}
      </Load>
    </section>
  );
}

function Remove({ p, board }: { readonly p: Page; readonly board: Dashboard }): ReactNode {
  const { say, t } = useHere();
  const [sure, setSure] = useState(false);
  return (
    <>
      <Button danger onClick={() => setSure(true)}>
        {say(w.remove)}
      </Button>
      <Sheet title={say(w.remove)} open={sure} onClose={() => setSure(false)}>
        <p>{say(w.removeSure, { name: board.name })}</p>
        <div className="deeds">
          <Button
            danger
            type="primary"
            onClick={() => {
              setSure(false);
              p.remove();
            }}
          >
            {say(w.remove)}
          </Button>
          <Button onClick={() => setSure(false)}>{t('cancel')}</Button>
        </div>
      </Sheet>
    </>
  );
}

function Head({ p, board }: { readonly p: Page; readonly board: Dashboard }): ReactNode {
  const { say } = useHere();
  if (!p.editing)
    return (
      <div className="board-head">
        <h2 translate="no">{board.name}</h2>
        <p className="quiet small">{say(board.mine ? (board.shared ? w.shared : w.onlyMe) : w.others)}</p>
        {board.mine && <Button onClick={() => p.edit(true)}>{say(w.edit)}</Button>}
      </div>
    );
  return (
    <div className="board-head board-edit">
      <Name key={board.name} label={say(w.rename)} value={board.name} busy={p.doing.busy} onName={(name) => p.change({ name })} />
      <label className="board-share">
        <Switch checked={board.shared} disabled={p.doing.busy} onChange={(shared) => p.change({ shared })} />
        <span>{say(w.share)}</span>
      </label>
      <Remove p={p} board={board} />
      <Button type="primary" onClick={() => p.edit(false)}>
        {say(w.done)}
      </Button>
    </div>
  );
}

function Board({ p, board }: { readonly p: Page; readonly board: Dashboard }): ReactNode {
  const { say } = useHere();
  return (
    <>
      <Head p={p} board={board} />
      <Refused failure={p.doing.failure} />
      {board.tiles.length === 0 ? (
        <div className="card">
          <Empty description={<p>{say(w.noTiles)}</p>}>
            <Button type="primary" onClick={() => go('/explore')}>
              {say(w.toExplore)}
            </Button>
          </Empty>
        </div>
      ) : (
        <div className="tiles">
          {board.tiles.map((tile, i) => (
            <TileCard key={`${tile.question} ${i}`} p={p} board={board} at={i} tile={tile} />
          ))}
        </div>
      )}
    </>
  );
}

function Make({ p }: { readonly p: Page }): ReactNode {
  const { say } = useHere();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  const make = (e: FormEvent): void => {
    e.preventDefault();
    void p.make(name).then((ok) => {
      if (!ok) return;
      setOpen(false);
      setName('');
    });
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>{say(w.fresh)}</Button>
      <Sheet title={say(w.fresh)} open={open} onClose={() => setOpen(false)}>
        <form className="fields" onSubmit={make}>
          <label className="field">
            <b>{say(w.name)}</b>
            <Input required maxLength={60} value={name} placeholder={say(w.nameHint)} onChange={(e) => setName(e.target.value)} />
          </label>
          <Refused failure={p.doing.failure} />
          <Button type="primary" size="large" htmlType="submit" loading={p.doing.busy} disabled={!name.trim()}>
            {say(w.make)}
          </Button>
        </form>
      </Sheet>
    </>
  );
}

function NoBoards(): ReactNode {
  const { say } = useHere();
  return (
    <div className="card">
      <Empty
        description={
          <>
            <p>
              <b>{say(w.none)}</b>
            </p>
            <p className="quiet">{say(w.noneHint)}</p>
          </>
        }
      >
        <Button type="primary" onClick={() => go('/explore')}>
          {say(w.toExplore)}
        </Button>
      </Empty>
    </div>
  );
}

export default function View(): ReactNode {
  const { say } = useHere();
  const p = useDashboards();
  return (
    <>
      <div className="head">
        <h1>{say(page.title)}</h1>
        <div className="deeds">
          <Make p={p} />
        </div>
      </div>
      <Load load={p.load} again={p.again} rows={10}>
        {() => (
          <>
            {p.boards.length > 1 && (
              <Pills
                label={say(w.which)}
                pills={p.boards.map((b) => ({ to: `/dashboards?id=${b.id}`, label: b.name, current: b === p.board, own: true }))}
              />
            )}
            {p.missing ? <p className="card">{say(w.gone)}</p> : p.board ? <Board p={p} board={p.board} /> : <NoBoards />}
          </>
        )}
      </Load>
    </>
  );
}
