// Who did what, newest first; nothing here can be changed by anybody.
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { when } from '../../lib/format';
import { useHere } from '../../lib/session';
import { Load } from '../../parts/Load';
import { Refused } from '../../parts/Refused';
import { useAudit, type AuditLine } from './ctrl';
import { w } from './words';

function detailText(detail: unknown): string {
  if (detail === null || detail === undefined) return '';
  if (typeof detail !== 'object') return String(detail);
  return Object.entries(detail)
    .map(([k, v]) => `${k}: ${Array.isArray(v) ? v.map((x) => x ?? '—').join(' → ') : JSON.stringify(v)}`)
    .join('; ');
}

function Line({ line }: { readonly line: AuditLine }): ReactNode {
  const { say, locale } = useHere();
  const deed = `d_${line.deed}`;
  const noun = `n_${line.noun}`;
  const known = deed in w && noun in w;
  const text = known ? `${say(w[deed as keyof typeof w])} ${say(w[noun as keyof typeof w])}` : `${line.deed} ${line.noun}`;
  return (
    <tr>
      <td className="quiet num-left">{when(locale, line.at)}</td>
      <th scope="row" translate="no">
        {line.actor}
      </th>
      <td translate={known ? 'yes' : 'no'}>
        {text} {line.noun_id !== null && <span className="quiet">#{line.noun_id}</span>}
      </td>
      <td className="quiet small" translate="no">
        {detailText(line.detail)}
      </td>
    </tr>
  );
}

export function AuditView(): ReactNode {
  const { say, t } = useHere();
  const c = useAudit();
  return (
    <section className="card">
      <Load load={c.load} again={c.again} rows={8} empty={(v) => v.audit.length === 0} hint={say(w.noAudit)}>
        {() => (
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{say(w.when)}</th>
                <th scope="col">{say(w.who)}</th>
                <th scope="col">{say(w.what)}</th>
                <th scope="col">{say(w.detail)}</th>
              </tr>
            </thead>
            <tbody>
              {c.lines.map((l) => (
                <Line key={l.id} line={l} />
              ))}
            </tbody>
          </table>
        )}
      </Load>
      <Refused failure={c.doing.failure} />
      {c.more && (
        <Button block loading={c.doing.busy} onClick={c.more}>
          {t('more')}
        </Button>
      )}
    </section>
  );
}
