// The trend of a metric: broken where its definition changed, with its interval and control limits.
import { useMemo, type ReactNode } from 'react';
import type { EChartsOption, LineSeriesOption } from 'echarts';
import { count, day, number, period, range, signed } from '../../lib/format';
import { useHere } from '../../lib/session';
import type { Palette } from '../../lib/theme';
import { Chart } from '../../parts/Chart';
import { axisOf } from '../../parts/Trend';
import { stretches, type TrendOf } from './ctrl';
import { w } from './words';

type Point = TrendOf['points'][number];
const FEW = 30;
const low = (p: Point): number | null => p.low ?? p.value;
const high = (p: Point): number | null => p.high ?? p.value;

function ends(t: TrendOf): readonly [number, number] {
  const points = t.points.flatMap((p) => [low(p), high(p)]);
  const limits = t.parts.flatMap((p) => [p.low, p.high]);
  const all = [...points, ...limits].filter((v) => v !== null);
  return all.length ? [Math.min(...all), Math.max(...all)] : [0, 1];
}

// One stretch: band, limits, line.  Other stretches are gaps in it.
function lines(t: TrendOf, [from, to]: readonly [number, number], palette: Palette, index: number): LineSeriesOption[] {
  const within = (f: (p: Point) => number | null): (number | null)[] => t.points.map((p, i) => (i >= from && i <= to ? f(p) : null));
  const part = t.parts.find((p) => p.version === t.points[from]?.version);
  const quiet = { silent: true, symbol: 'none', emphasis: { disabled: true } } as const;
  const limit = (v: number | null | undefined, type: 'dashed' | 'dotted'): LineSeriesOption[] =>
    v === null || v === undefined
      ? []
      : [{ type: 'line', ...quiet, lineStyle: { color: palette.even, width: 1, type }, data: within(() => v) }];
  return [
    { type: 'line', ...quiet, stack: `band${index}`, stackStrategy: 'all', lineStyle: { opacity: 0 }, data: within(low) },
    {
      type: 'line', ...quiet, stack: `band${index}`, stackStrategy: 'all', lineStyle: { opacity: 0 },
      areaStyle: { color: palette.doubt, opacity: 0.65 },
      data: within((p) => (high(p) === null ? null : (high(p) ?? 0) - (low(p) ?? 0))),
    },
    ...limit(part?.center, 'dotted'),
    ...limit(part?.low, 'dashed'),
    ...limit(part?.high, 'dashed'),
    {
      type: 'line', z: 3, symbol: 'circle', emphasis: { disabled: true }, lineStyle: { color: palette.heed, width: 2.5 },
      data: t.points.map((p, i) => ({
        value: i >= from && i <= to ? p.value : null,
        symbol: p.outside ? 'diamond' : 'circle',
        symbolSize: p.outside ? 12 : 7,
        itemStyle: {
          color: p.outside ? palette.pain : p.n < FEW ? palette.card : palette.heed,
          borderColor: p.outside ? palette.pain : palette.heed,
          borderWidth: p.n < FEW && !p.outside ? 2 : 0,
        },
      })),
    },
  ];
}

interface Props {
  readonly t: TrendOf;
  readonly unit: string;
  readonly title: string;
  readonly onPick: (key: string) => void;
}

export function MetricTrend({ t, unit, title, onPick }: Props): ReactNode {
  const { locale, say, palette, t: word } = useHere();
  const by = `${unit}(occurred_at)`;
  const labels = t.points.map((p) => period(locale, by, p.key));
  const percent = t.unit === '%' ? ' %' : '';
  const text = (p: Point): string =>
    p.value === null
      ? word(p.reason === 'too_few' ? 'tooFew' : 'noAnswer')
      : `${number(locale, p.value)}${percent} ${range(locale, p.low, p.high)}`;
  const option = useMemo<EChartsOption>(() => {
    const [from, to] = ends(t);
    const parts = stretches(t);
    const breaks = parts.slice(1).map(([i]) => i);
    return {
      grid: { left: 4, right: 10, top: 22, bottom: 4, containLabel: true },
      xAxis: {
        type: 'category', data: labels, boundaryGap: labels.length < 3, axisTick: { show: false },
        axisLine: { lineStyle: { color: palette.line } },
        axisLabel: { color: palette.quiet, fontSize: 12, hideOverlap: true, alignMaxLabel: 'right', alignMinLabel: 'left' },
      },
      yAxis: {
        type: 'value', ...axisOf(from, to, 4, ''), axisLine: { show: false }, axisTick: { show: false },
        axisLabel: { color: palette.quiet, fontSize: 12, hideOverlap: true, formatter: (v: number) => number(locale, v, 0) ?? '' },
        splitLine: { lineStyle: { color: palette.line, width: 1 } },
      },
      tooltip: {
        trigger: 'axis', backgroundColor: palette.card, borderColor: palette.line, textStyle: { color: palette.ink, fontSize: 12 },
        formatter: (p: unknown) => {
          const i = (p as readonly { dataIndex: number }[])[0]?.dataIndex ?? 0;
          const at = t.points[i];
          const box = document.createElement('div');
          if (at) box.innerText = `${labels[i]}\n${text(at)}\nn = ${count(locale, at.n)}`;
          return box;
        },
      },
      series: [
        ...parts.flatMap((s, i) => lines(t, s, palette, i)),
        {
          type: 'line', data: [], silent: true,
          markLine: {
            silent: true, symbol: 'none', lineStyle: { color: palette.ink, width: 1, type: 'solid' },
            label: { formatter: (m: { name?: string }) => m.name ?? '', color: palette.ink, fontSize: 11 },
            data: breaks.map((i) => ({ xAxis: i, name: say(w.changed, { v: t.points[i]?.version ?? '' }) })),
          },
        },
      ],
    };
  }, [t, locale, palette, unit]);
  const label = `${title}: ${t.points.length}`;
  return (
    <>
      <Chart option={option} height={300} label={label} onPick={(i) => t.points[i] && onPick(t.points[i].key)} />
      <div className="sr">
        <table>
          <caption>{label}</caption>
          <tbody>
            {t.points.map((p, i) => (
              <tr key={p.key}>
                <th scope="row">{labels[i]}</th>
                <td>{text(p)}</td>
                <td>n = {count(locale, p.n)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

// What the chart shows, in words: limits, and each break with its bridge.
export function TrendNotes({ t }: { readonly t: TrendOf }): ReactNode {
  const { locale, say } = useHere();
  const out = t.points.filter((p) => p.outside).length;
  const limited = t.parts.some((p) => p.center !== null);
  const last = t.parts[t.parts.length - 1];
  return (
    <ul className="metric-notes small">
      <li className={out ? 'metric-out' : 'quiet'}>
        {!limited ? say(w.noLimits) : out ? `◆ ${say(w.outside, { n: out })}` : say(w.inside)}
        {last && last.center !== null && (
          <span className="quiet num">
            {' '}· {say(w.center)} {number(locale, last.center)}, {say(w.limits)} {range(locale, last.low, last.high)}
          </span>
        )}
      </li>
      {t.bridges.map((b) => (
        <li key={b.at} className="num">
          {say(b.difference === null ? w.noBridge : w.bridge, {
            day: day(locale, b.at ?? ''), a: b.before, b: b.after, d: signed(locale, b.difference) ?? '',
            range: range(locale, b.low, b.high), n: b.periods,
          })}
        </li>
      ))}
    </ul>
  );
}
