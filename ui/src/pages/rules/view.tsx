// The rules: what we listen for and what we do then; one of them open in the editor.
import { Button, Empty, Switch } from 'antd';
import type { ReactNode } from 'react';
import { useConditionText } from '../../lib/conditions';
import type { Rule } from '../../lib/shapes';
import { departmentTitle } from '../../lib/names';
import { useHere } from '../../lib/session';
import { Link } from '../../parts/Link';
import { Load } from '../../parts/Load';
import { Split } from '../../parts/Split';
import { Refused } from '../../parts/Refused';
import { NEW, useRules, type Rules } from './ctrl';
import { dueText, Editor } from './Editor';
import { page } from './page';
import './rules.css';
import { w } from './words';

function Deed({ rule, c }: { readonly rule: Rule; readonly c: Rules }): ReactNode {
  const { say, locale } = useHere();
  const what = rule.action === 'ticket' ? say(w.ticket) : rule.action === 'tag' ? say(w.tag) : rule.action;
  const { department = '', tag, due } = rule.params ?? {};
  const d = c.departments.find((x) => x.name === department);
  const detail = [d ? departmentTitle(locale, d) : department, tag].filter(Boolean).join(' · ');
  return (
    <span className="small quiet">
      → {what} {detail && <span translate="no">· {detail}</span>} {due && <span>· {dueText(due, say)}</span>}
    </span>
  );
}

function Row({ rule, c }: { readonly rule: Rule; readonly c: Rules }): ReactNode {
  const { say, may } = useHere();
  const said = useConditionText().all(rule.condition);
  return (
    <li className="rule-item">
      <Link to={`/rules?id=${rule.id}`} current={String(rule.id) === c.id} className="row rule-row">
        <b translate="no">{rule.name}</b>
        {said === null ? <code translate="no">{rule.condition}</code> : <span className="rule-said">{said}</span>}
        <Deed rule={rule} c={c} />
      </Link>
      <span className="rule-switch">
        <Switch
          aria-label={say(w.turn, { name: rule.name })}
          checked={rule.enabled}
          disabled={!may('rules.write') || c.doing.busy}
          onChange={(on) => c.turn(rule, on)}
        />
      </span>
    </li>
  );
}

function One({ c }: { readonly c: Rules }): ReactNode {
  const { say } = useHere();
  if (c.id === NEW) return <Editor key={NEW} c={c} rule={null} />;
  const rule = c.rules.find((r) => String(r.id) === c.id);
  if (rule) return <Editor key={`${rule.id}.${rule.version}`} c={c} rule={rule} />;
  return (
    <div className="card">
      <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={say(w.choose)} />
    </div>
  );
}

export default function View(): ReactNode {
  const { say, may } = useHere();
  const c = useRules();
  return (
    <>
      <div className={c.id ? 'head rules-head' : 'head'}>
        <h1>{say(page.title)}</h1>
        <p className="quiet">{say(w.hint)}</p>
        {may('rules.write') && (
          <Button type="primary" onClick={() => c.setId(NEW)}>
            {say(w.fresh)}
          </Button>
        )}
      </div>
      <Split
        open={c.id !== ''}
        list={
          <Load load={c.load} again={c.again} rows={6}>
            {() => (
              <>
                {c.id === '' && <Refused failure={c.doing.failure} />}
                {c.rules.length === 0 ? (
                  <Empty description={say(w.none)} />
                ) : (
                  <ul className="rows">
                    {c.rules.map((r) => (
                      <Row key={r.id} rule={r} c={c} />
                    ))}
                  </ul>
                )}
              </>
            )}
          </Load>
        }
        one={c.load.state === 'ready' && <One c={c} />}
      />
    </>
  );
}
