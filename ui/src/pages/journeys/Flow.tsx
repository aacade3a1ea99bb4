// What follows what, as a map: boxes are activities, lines the ways between them; and the same as a table.
import { useMemo, type ReactNode } from 'react';
import { count, lasting, number } from '../../lib/format';
import type { Journey } from '../../lib/journeys';
import { useNames } from '../../lib/names';
import { useHere } from '../../lib/session';
import { go } from '../../lib/url';
import { both } from '../../lib/where';
import { voicesAt } from '../../parts/Found';
import type { Journeys } from './ctrl';
import { BOX, drawn, type Box, type Drawn } from './layout';
import { w } from './words';

const clipped = (text: string): string => (text.length > 19 ? `${text.slice(0, 18)}…` : text);

function BoxOf({ x, box, shade }: { readonly x: Journeys; readonly box: Box; readonly shade: number }): ReactNode {
  const { locale } = useHere();
  const names = useNames();
  const label = names.value(x.activity.value, box.name);
  const open = (): void => go(voicesAt(both(x.where.value, x.is(box.name))));
  return (
    <g
      className="j-map-box"
      role="link"
      tabIndex={0}
      onClick={open}
      onKeyDown={(e) => e.key === 'Enter' && open()}
    >
      {clipped(label) !== label && <title>{label}</title>}
      <rect
        x={box.x - BOX.w / 2}
        y={box.y - BOX.h / 2}
        width={BOX.w}
        height={BOX.h}
        rx={10}
        style={{ fill: `color-mix(in srgb, var(--heed) ${Math.round(6 + 26 * shade)}%, var(--card))` }}
      />
      <text x={box.x} y={box.y - 3}>
        {clipped(label)}
      </text>
      <text x={box.x} y={box.y + 14} className="j-map-n">
        {count(locale, box.n)}
      </text>
    </g>
  );
}

function Map({ x, map }: { readonly x: Journeys; readonly map: Drawn }): ReactNode {
  const { say, locale } = useHere();
  const label = say(w.mapLabel, { n: map.boxes.length, m: map.lines.length });
  const most = Math.max(1, ...map.boxes.map((b) => b.n));
  return (
    <div className="scroll j-map" tabIndex={0} role="region" aria-label={label}>
      <div translate="no">
      <svg viewBox={`${map.left} 0 ${map.width} ${map.height}`} style={{ maxWidth: map.width, minWidth: Math.min(map.width, 520) }} aria-label={label} role="group">
        <defs>
          <marker id="j-map-tip" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto">
            <path d="M0 0.5L8 4L0 7.5z" className="j-map-tip" />
          </marker>
        </defs>
        {map.lines.map((l) => (
          <path
            key={`${l.pair.from}\n${l.pair.to}`}
            d={l.d}
            className={l.back ? 'j-map-line back' : 'j-map-line'}
            strokeWidth={l.width}
            markerEnd="url(#j-map-tip)"
          />
        ))}
        {map.boxes.map((b) => (
          <BoxOf key={b.name} x={x} box={b} shade={b.n / most} />
        ))}
        {map.lines.map(
          (l) =>
            l.label && (
              <text key={`${l.pair.from}\n${l.pair.to}`} x={l.label.x} y={l.label.y} className="j-map-label" aria-hidden="true">
                {count(locale, l.pair.n)} · {lasting(locale, l.pair.median_ms)}
              </text>
            ),
        )}
      </svg>
      </div>
    </div>
  );
}

export function Flow({ x, j }: { readonly x: Journeys; readonly j: Journey }): ReactNode {
  const { say, locale } = useHere();
  const names = useNames();
  const most = Number(x.set.lines.value) || 20;
  const map = useMemo(() => drawn(j.activities ?? [], j.pairs ?? [], most), [j, most]);
  const called = (v: string): string => names.value(x.activity.value, v);
  return (
    <>
      <p className="quiet small">{say(w.mapHint)}</p>
      <Map x={x} map={map} />
      <div className="scroll" tabIndex={0} role="region" aria-label={say(w.follows)}>
        <table className="plot-table j-numbers">
          <thead>
            <tr>
              <th scope="col">{say(w.from)}</th>
              <th scope="col">{say(w.to)}</th>
              <th scope="col" className="num">{say(w.times)}</th>
              <th scope="col" className="num">{say(w.median)}</th>
              <th scope="col" className="num">{say(w.p90)}</th>
              <th scope="col" className="num" title={say(w.dependencyHint)}>{say(w.dependency)}</th>
            </tr>
          </thead>
          <tbody>
            {(j.pairs ?? []).slice(0, most).map((p) => (
              <tr key={`${p.from}\n${p.to}`}>
                <th scope="row" translate="no">{called(p.from)}</th>
                <td translate="no">{called(p.to)}</td>
                <td className="num">{count(locale, p.n)}</td>
                <td className="num">{lasting(locale, p.median_ms)}</td>
                <td className="num">{lasting(locale, p.p90_ms)}</td>
                <td className="num">{number(locale, p.dependency, 2)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
