// Bringing data in: by file, by API, and where it came from so far.
import type { ReactNode } from 'react';
import { age, count, when } from '../../lib/format';
import { path, useLoad } from '../../lib/api';
import { useHere } from '../../lib/session';
import { useParam } from '../../lib/url';
import { Keys } from '../../parts/Keys';
import { Load } from '../../parts/Load';
import { Pills } from '../../parts/Pills';
import '../../parts/table.css';
import './bring.css';
import { Examples } from './Examples';
import { page } from './page';
import { Upload } from './Upload';
import { w } from './words';

interface Source {
  readonly source: string;
  readonly signals: number;
  readonly newest: string | null;
  readonly lag_ms: number | null;
}

function Sources(): ReactNode {
  const { say, locale } = useHere();
  const [load, again] = useLoad<{ readonly sources: readonly Source[] }>(path('/sources'));
  return (
    <section className="card">
      <Load load={load} again={again} empty={(v) => v.sources.length === 0} hint={say(w.noSources)}>
        {({ sources }) => (
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{say(w.source)}</th>
                <th scope="col" className="num">
                  {say(w.signals)}
                </th>
                <th scope="col">{say(w.newest)}</th>
                <th scope="col">{say(w.lag)}</th>
              </tr>
            </thead>
            <tbody>
              {sources.map((s) => (
                <tr key={s.source}>
                  <th scope="row" translate="no">
                    {s.source}
                  </th>
                  <td className="num" data-label={say(w.signals)}>
                    {count(locale, s.signals)}
                  </td>
                  <td data-label={say(w.newest)}>{when(locale, s.newest)}</td>
                  <td data-label={say(w.lag)}>{age(locale, s.newest)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Load>
    </section>
  );
}

function Api(): ReactNode {
  const { say } = useHere();
  return (
    <div className="bring-api">
      <section className="card">
        <p className="quiet bring-gap">{say(w.keyHint)}</p>
        <Keys scopes="signals.write" after={(token) => <Examples token={token} />} />
      </section>
    </div>
  );
}

const ways = ['file', 'api', 'sources'] as const;

export default function View(): ReactNode {
  const { say } = useHere();
  const [way] = useParam('way', 'file');
  return (
    <>
      <div className="head">
        <h1>{say(page.title)}</h1>
      </div>
      <Pills
        label={say(w.ways)}
        pills={ways.map((k) => ({ to: k === 'file' ? '/bring' : `/bring?way=${k}`, label: say(w[k]), current: k === way }))}
      />
      {way === 'api' ? <Api /> : way === 'sources' ? <Sources /> : <Upload />}
    </>
  );
}
