// Who did what, newest first; nothing here can be changed by anybody.
import { Button, Input } from 'antd';
import type { ReactNode } from 'react';
import type { Table } from '../../lib/csv';
import { count, when } from '../../lib/format';
import { useHere } from '../../lib/session';
import { Csv } from '../../parts/Csv';
import { Load } from '../../parts/Load';
import { Pick } from '../../parts/Pick';
import { Refused } from '../../parts/Refused';
import { deeds, nouns } from './audit';
import { AUDIT_SINCE, useAudit, type AuditLine, type AuditQuestion } from './ctrl';
import { w } from './words';

interface Changed {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

// What the store keeps beside what people changed: numbers of its own, and when.
const ITS_OWN = /^(id|uid|version|.*_id|.*_at|rights)$/;
const LONGEST = 80;

function changes(detail: unknown): readonly Changed[] {
  if (detail === null || typeof detail !== 'object') return [];
  return Object.entries(detail).flatMap(([field, v]) =>
    ITS_OWN.test(field) ? [] : [{ field, from: Array.isArray(v) ? v[0] : null, to: Array.isArray(v) ? v[1] : v }],
  );
}

function valueText(v: unknown): string {
  const text = typeof v === 'string' ? v : JSON.stringify(v);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function Detail({ line }: { readonly line: AuditLine }): ReactNode {
  const all = changes(line.detail);
  const fresh = line.deed === 'create';
  return all.map((c) => (
    <span key={c.field} className="change">
      <span className="quiet">{c.field}</span> {!fresh && c.from !== null && c.from !== undefined && `${valueText(c.from)} → `}
      {valueText(c.to)}
    </span>
  ));
}

function Line({ line }: { readonly line: AuditLine }): ReactNode {
  const { say, locale } = useHere();
  const deed = deeds[line.deed];
  const noun = nouns[line.noun];
  const actor = line.actor.replace(/^user:/, '');
  return (
    <tr>
      <td className="quiet num-left">{when(locale, line.at)}</td>
      <th scope="row">
        {actor === 'system' ? say(w.system) : actor === 'setup link' ? say(w.setupLink) : <span translate="no">{actor}</span>}
      </th>
      <td>
        {deed ? say(deed) : <span translate="no">{line.deed}</span>} {noun ? say(noun) : <span translate="no">{line.noun}</span>}
        {line.noun_id !== null && <span className="quiet"> #{line.noun_id}</span>}
      </td>
      <td className="small audit-detail" translate="no">
        <Detail line={line} />
      </td>
    </tr>
  );
}

function Ask({ asked }: { readonly asked: AuditQuestion }): ReactNode {
  const { say } = useHere();
  return (
    <div className="audit-ask" role="search">
      <label className="field">
        <b>{say(w.who)}</b>
        <Input
          key={asked.who}
          type="search"
          defaultValue={asked.who}
          placeholder={say(w.anybody)}
          autoCapitalize="none"
          onPressEnter={(e) => asked.setWho(e.currentTarget.value.trim())}
          onBlur={(e) => e.target.value.trim() !== asked.who && asked.setWho(e.target.value.trim())}
        />
      </label>
      <Pick
        shown
        label={say(w.onWhat)}
        value={asked.what}
        onPick={asked.setWhat}
        choices={[{ value: '', label: say(w.anything) }, ...Object.entries(nouns).map(([value, p]) => ({ value, label: say(p) }))]}
      />
      <Pick
        shown
        label={say(w.since)}
        value={asked.since}
        onPick={asked.setSince}
        choices={[{ value: '', label: say(w.ever) }, ...AUDIT_SINCE.map((n) => ({ value: n, label: say(w.days, { n }) }))]}
      />
    </div>
  );
}

export function AuditView(): ReactNode {
  const { say, t, locale } = useHere();
  const c = useAudit();
  const table = async (): Promise<Table> => [
    ['id', 'at', 'actor', 'deed', 'noun', 'noun_id', 'detail'],
    ...(await c.all()).map((l) => [l.id, l.at, l.actor, l.deed, l.noun, l.noun_id, l.detail === null ? '' : JSON.stringify(l.detail)]),
  ];
  return (
    <section className="card">
      <Ask asked={c.asked} />
      <div className="audit-top">
        <span className="quiet small num" role="status">
          {c.total !== null && say(w.entries, { n: count(locale, c.total) })}
        </span>
        <Csv name="audit" table={table} />
      </div>
      <Load load={c.load} again={c.again} rows={8} empty={(v) => v.audit.length === 0} hint={say(w.noAudit)}>
        {() => (
          <table className="table audit">
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
