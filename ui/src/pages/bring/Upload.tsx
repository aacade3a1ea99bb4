// A file's way in: chosen or dropped, shown as a plan, imported, heard.
import { Button, Progress } from 'antd';
import { useRef, useState, type DragEvent, type ReactNode } from 'react';
import { count } from '../../lib/format';
import { path, useLoad } from '../../lib/api';
import { useHere } from '../../lib/session';
import { Icon } from '../../parts/Icon';
import { Link } from '../../parts/Link';
import { Load } from '../../parts/Load';
import { Note } from '../../parts/Note';
import { Refused } from '../../parts/Refused';
import { isRunning, useUpload, type Import, type Upload as Up } from './ctrl';
import { PlanTable } from './Plan';
import { Result } from './Result';
import { w } from './words';

const ACCEPT = '.csv,.tsv,.txt,.xlsx,.json,.jsonl,.ndjson,.gz';

function Drop({ c }: { readonly c: Up }): ReactNode {
  const { say } = useHere();
  const pick = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const drop = (e: DragEvent): void => {
    e.preventDefault();
    setOver(false);
    const file = e.dataTransfer.files[0];
    if (file) c.take(file);
  };
  const drag = (e: DragEvent): void => {
    e.preventDefault();
    setOver(true);
  };
  return (
    <div data-tour="bring" className={over ? 'drop drop-over' : 'drop'} onDrop={drop} onDragOver={drag} onDragLeave={() => setOver(false)}>
      <Icon d="M12 15V4M7.5 8.5 12 4l4.5 4.5M4 15v5h16v-5" size={40} />
      <p className="drop-title">
        {say(w.drop)} <span className="quiet">{say(w.or)}</span>
      </p>
      <Button type="primary" size="large" loading={c.doing.busy} onClick={() => pick.current?.click()}>
        {c.reading ? say(w.reading, { name: c.reading }) : say(w.choose)}
      </Button>
      <input
        ref={pick}
        type="file"
        hidden
        accept={ACCEPT}
        aria-label={say(w.choose)}
        onChange={(e) => {
          const file = e.target.files?.[0];
          if (file) c.take(file);
          e.target.value = '';
        }}
      />
      <p className="quiet">{say(w.formats)}</p>
      <p className="quiet small">{say(w.nothingYet)}</p>
    </div>
  );
}

function Running({ i }: { readonly i: Import }): ReactNode {
  const { say, locale } = useHere();
  const all = i.total ?? 0;
  const percent = all > 0 ? Math.min(99, Math.floor((100 * i.records) / all)) : 0;
  const text = say(w.progress, { n: count(locale, i.records), added: count(locale, i.added) });
  return (
    <section className="card running">
      <h2>{say(w.importing, { name: i.file })}</h2>
      <Progress percent={percent} status="active" aria-label={say(w.importing, { name: i.file })} />
      <p role="status" className="num">
        {text}
      </p>
      <p className="quiet small">{say(w.safe)}</p>
    </section>
  );
}

function Earlier(): ReactNode {
  const { say, locale } = useHere();
  const [load] = useLoad<{ readonly imports: readonly Import[] }>(path('/imports'));
  if (load.state !== 'ready' || load.value.imports.length === 0) return null;
  return (
    <section className="bring-earlier">
      <h2>{say(w.earlier)}</h2>
      <ul className="rows">
        {load.value.imports.slice(0, 8).map((i) => (
          <li key={i.id}>
            <Link to={`/bring?import=${encodeURIComponent(i.id)}`} className="row earlier-row">
              <span translate="no">{i.file}</span>
              <span className="quiet small num">
                {i.finished || i.state === 'failed' || i.state === 'stopped'
                  ? `${count(locale, i.added)} ${say(w.added)} · ${count(locale, i.known)} ${say(w.known)} · ${count(locale, i.rejected)} ${say(w.rejected)}`
                  : say(isRunning(i) ? w.running : w.waiting)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Inside({ c, i }: { readonly c: Up; readonly i: Import }): ReactNode {
  const { say } = useHere();
  if (i.finished) return <Result i={i} onOther={c.leave} />;
  if (i.error)
    return (
      <Note type="error" title={<span translate="no">{i.error}</span>} action={<Button onClick={c.leave}>{say(w.other)}</Button>} />
    );
  if (c.started) return <Running i={i} />;
  return c.plan ? <PlanTable c={c} plan={c.plan} /> : null;
}

export function Upload(): ReactNode {
  const c = useUpload();
  const why = <Refused failure={c.doing.failure} />;
  if (!c.id)
    return (
      <div className="bring-stack">
        {why}
        <Drop c={c} />
        <Earlier />
      </div>
    );
  return (
    <div className="bring-stack">
      {why}
      <Load load={c.now ? { state: 'ready', value: c.now } : c.load} again={c.again} rows={8}>
        {(i) => <Inside c={c} i={i} />}
      </Load>
    </div>
  );
}
