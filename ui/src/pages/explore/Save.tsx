// A question put on a dashboard: one of one's own, or a new one.
import { Button, Input } from 'antd';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useLoad } from '../../lib/api';
import { boardsAt, changeBoard, makeBoard, type Boards } from '../../lib/boards';
import { useDoing } from '../../lib/doing';
import { useHere } from '../../lib/session';
import { Link } from '../../parts/Link';
import { Load } from '../../parts/Load';
import { Pick } from '../../parts/Pick';
import { Refused } from '../../parts/Refused';
import { Sheet } from '../../parts/Sheet';
import { w } from './words';

const NEW = 'new';

interface Props {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly question: string;
}

function Form({ boards, again, title, question }: Omit<Props, 'open' | 'onClose'> & { readonly boards: Boards; readonly again: () => void }): ReactNode {
  const { say } = useHere();
  const mine = boards.dashboards.filter((b) => b.mine);
  const [called, setCalled] = useState(title);
  const [chosen, setChosen] = useState(String(mine[0]?.id ?? NEW));
  const [name, setName] = useState('');
  const [kept, setKept] = useState<{ readonly id: number; readonly name: string } | null>(null);
  const doing = useDoing(again);
  const board = mine.find((b) => String(b.id) === chosen);
  const keep = (e: FormEvent): void => {
    e.preventDefault();
    const tile = { title: called.trim(), question };
    void doing.run(async () => {
      setKept(await (board ? changeBoard(board, { tiles: [...board.tiles, tile] }) : makeBoard(name, [tile])));
    });
  };
  if (kept)
    return (
      <div className="stack" role="status">
        <p>{say(w.keptOn, { name: kept.name })}</p>
        <Link to={`/dashboards?id=${kept.id}`} className="button">
          {say(w.toBoard)} →
        </Link>
      </div>
    );
  return (
    <form className="fields" onSubmit={keep}>
      <label className="field">
        <b>{say(w.tileTitle)}</b>
        <Input required maxLength={60} value={called} onChange={(e) => setCalled(e.target.value)} />
      </label>
      {mine.length > 0 && (
        <Pick
          shown
          label={say(w.board)}
          value={chosen}
          onPick={setChosen}
          choices={[...mine.map((b) => ({ value: String(b.id), label: b.name })), { value: NEW, label: say(w.newBoard) }]}
        />
      )}
      {!board && (
        <label className="field">
          <b>{say(w.boardName)}</b>
          <Input required maxLength={60} value={name} placeholder={say(w.boardHint)} onChange={(e) => setName(e.target.value)} />
        </label>
      )}
      <Refused failure={doing.failure} />
      <Button type="primary" size="large" htmlType="submit" loading={doing.busy} disabled={!called.trim() || (!board && !name.trim())}>
        {say(w.keepNow)}
      </Button>
    </form>
  );
}

function Inside({ title, question }: Pick<Props, 'title' | 'question'>): ReactNode {
  const [load, again] = useLoad<Boards>(boardsAt);
  return (
    <Load load={load} again={again} rows={3}>
      {(boards) => <Form boards={boards} again={again} title={title} question={question} />}
    </Load>
  );
}

export function Save({ open, onClose, title, question }: Props): ReactNode {
  const { say } = useHere();
  return (
    <Sheet title={say(w.keep)} open={open} onClose={onClose}>
      {open && <Inside title={title} question={question} />}
    </Sheet>
  );
}
