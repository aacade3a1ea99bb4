// Choosing steps in their order, each from what there is.
import type { ReactNode } from 'react';
import { Button } from 'antd';
import { useNames } from '../../lib/names';
import { useHere } from '../../lib/session';
import { Icon, drawings } from '../../parts/Icon';
import { Pick } from '../../parts/Pick';
import type { Journeys } from './ctrl';
import { w } from './words';

const STEPS_MOST = 16; // LIMIT_WALK_STEPS

export function Steps({ x }: { readonly x: Journeys }): ReactNode {
  const { say } = useHere();
  const names = useNames();
  const label = (v: string): string => names.value(x.activity.value, v);
  const known = (s: string): readonly string[] => (x.values.includes(s) ? x.values : [s, ...x.values]);
  return (
    <div className="j-steps" role="group" aria-label={say(w.steps)}>
      {x.steps.map((s, i) => (
        <div key={`${i} ${s}`} className="j-step" translate="no">
          <Pick
            label={say(w.step, { n: i + 1 })}
            value={s}
            choices={known(s).map((v) => ({ value: v, label: `${i + 1}. ${label(v)}` }))}
            onPick={(v) => x.setSteps(x.steps.map((old, k) => (k === i ? v : old)))}
          />
          <Button
            aria-label={say(w.dropStep, { n: i + 1 })}
            title={say(w.dropStep, { n: i + 1 })}
            disabled={x.steps.length === 1}
            onClick={() => x.setSteps(x.steps.filter((_, k) => k !== i))}
          >
            <Icon d={drawings.close} size={14} />
          </Button>
        </div>
      ))}
      {x.steps.length < STEPS_MOST && (
        <div translate="no">
        <Pick
          label={say(w.addStep)}
          value=""
          choices={[{ value: '', label: say(w.addStep) }, ...x.values.map((v) => ({ value: v, label: label(v) }))]}
          onPick={(v) => v !== '' && x.setSteps([...x.steps, v])}
        />
        </div>
      )}
    </div>
  );
}
