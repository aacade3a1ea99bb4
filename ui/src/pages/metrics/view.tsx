// The metrics: those of the company, those built in, and the one that is open.
import { Button, Empty } from 'antd';
import type { ReactNode } from 'react';
import { useHere } from '../../lib/session';
import { Link } from '../../parts/Link';
import { Load } from '../../parts/Load';
import { Split } from '../../parts/Split';
import { NEW, useMetrics, type Definition, type Metrics } from './ctrl';
import { Form } from './Form';
import './metrics.css';
import { One, useTitle } from './One';
import { page } from './page';
import { w } from './words';

function Row({ m, current }: { readonly m: Definition; readonly current: boolean }): ReactNode {
  const title = useTitle();
  return (
    <li>
      <Link to={`/metric?m=${encodeURIComponent(m.name ?? '')}`} current={current} className="row metric-row">
        <b translate={m.built_in ? undefined : 'no'}>{title(m)}</b>
        <code className="quiet small" translate="no">
          {m.name}
        </code>
      </Link>
    </li>
  );
}

function List({ c }: { readonly c: Metrics }): ReactNode {
  const { say } = useHere();
  return (
    <Load load={c.load} again={c.again} rows={8}>
      {({ metrics }) => {
        const ours = metrics.filter((m) => !m.built_in);
        const rest = metrics.filter((m) => m.built_in);
        return (
          <>
            {ours.length > 0 && <h2 className="metric-group quiet">{say(w.ours)}</h2>}
            <ul className="rows">
              {ours.map((m) => (
                <Row key={m.name} m={m} current={m.name === c.name} />
              ))}
            </ul>
            <h2 className="metric-group quiet">{say(w.builtIn)}</h2>
            <ul className="rows">
              {rest.map((m) => (
                <Row key={m.name} m={m} current={m.name === c.name} />
              ))}
            </ul>
          </>
        );
      }}
    </Load>
  );
}

function Chosen({ c }: { readonly c: Metrics }): ReactNode {
  const { say } = useHere();
  if (c.name === NEW) return <Form key={NEW} c={c} old={null} onDone={() => c.setName('')} />;
  if (c.one) return <One key={`${c.one.name}.${c.one.version}`} m={c.one} c={c} />;
  return (
    <div className="card">
      <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={say(w.choose)} />
    </div>
  );
}

export default function View(): ReactNode {
  const { say, may } = useHere();
  const c = useMetrics();
  return (
    <>
      <div className={c.name ? 'head metrics-head' : 'head'}>
        <h1>{say(page.title)}</h1>
        <p className="quiet">{say(w.hint)}</p>
        {may('metrics.write') && (
          <Button type="primary" onClick={() => c.setName(NEW)}>
            {say(w.fresh)}
          </Button>
        )}
      </div>
      <Split open={c.name !== ''} list={<List c={c} />} one={c.load.state === 'ready' && <Chosen c={c} />} />
    </>
  );
}
