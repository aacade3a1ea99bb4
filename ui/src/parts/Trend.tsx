// A metric over time: the estimate as a line, its interval as a band, few answers as a hollow point, too few as
// a gap; what stood out in that time as shaded spans.  The numbers follow as a table for screen readers.
import { useMemo, type ReactNode } from 'react';
import type { EChartsOption, LineSeriesOption } from 'echarts';
import { count, number, period, range } from '../lib/format';
import { useNames } from '../lib/names';
import { useHere } from '../lib/session';
import type { Cell } from '../lib/shapes';
import type { Palette } from '../lib/theme';
import { Chart } from './Chart';

export interface Happening {
  readonly from: string;
  readonly to: string;
  readonly what: string;
  readonly good: boolean;
}

interface Props {
  readonly cells: readonly Cell[];
  readonly by: string; // 'month(occurred_at)'
  readonly metric: string;
  readonly unit: string;
  readonly height?: number;
  readonly happenings?: readonly Happening[];
  readonly scale?: readonly [number, number]; // shared by several charts
  readonly onPick?: (cell: Cell) => void;
}

const FEW = 30; // below it a point is drawn hollow
const HALF = 0.4; // of a period: what happened in one is shaded around its point

const low = (c: Cell): number | null => c.low ?? c.value;
const high = (c: Cell): number | null => c.high ?? c.value;

export function rangeOf(cells: readonly Cell[]): readonly [number, number] {
  const all = cells.flatMap((c) => [low(c), high(c)]).filter((v) => v !== null);
  return all.length ? [Math.min(...all), Math.max(...all)] : [0, 1];
}

// Ends and step of an axis that holds from..to: steps of 1, 2 or 5 × 10ⁿ; what cannot be outside stays inside.
export function axisOf(from: number, to: number, steps: number, unit: string): { min: number; max: number; interval: number } {
  const raw = (to - from || 1) / steps;
  const ten = 10 ** Math.floor(Math.log10(raw));
  const interval = ([1, 2, 5].find((f) => f * ten >= raw) ?? 10) * ten;
  const [floor, ceiling] = { '%': [0, 100], points: [-100, 100] }[unit] ?? [-Infinity, Infinity];
  const min = Math.max(Math.floor(from / interval) * interval, floor ?? -Infinity);
  const max = Math.min(Math.ceil(to / interval) * interval, ceiling ?? Infinity);
  return { min: min === max ? min - interval : min, max, interval };
}

function tip(lines: readonly string[]): HTMLElement {
  const box = document.createElement('div');
  lines.forEach((line, i) => {
    const row = document.createElement('div');
    row.textContent = line;
    row.style.fontWeight = i === 1 ? '600' : '400';
    box.append(row);
  });
  return box;
}

interface Drawing {
  readonly cells: readonly Cell[];
  readonly labels: readonly string[];
  readonly keys: readonly string[]; // of the cells: '2026-02'
  readonly palette: Palette;
  readonly height: number;
}

// The interval: an invisible line at its low end and a filled one of its width on top.
function band({ cells, palette }: Drawing): LineSeriesOption[] {
  const part: LineSeriesOption = {
    type: 'line',
    emphasis: { disabled: true },
    stack: 'band',
    stackStrategy: 'all',
    silent: true,
    symbol: 'none',
    lineStyle: { opacity: 0 },
  };
  return [
    { ...part, data: cells.map(low) },
    {
      ...part,
      areaStyle: { color: palette.doubt, opacity: 0.65 },
      data: cells.map((c) => (high(c) === null ? null : (high(c) ?? 0) - (low(c) ?? 0))),
    },
  ];
}

function estimate({ cells, palette }: Drawing): LineSeriesOption {
  return {
    type: 'line',
    emphasis: { disabled: true },
    z: 3,
    symbol: 'circle',
    symbolSize: 7,
    lineStyle: { color: palette.heed, width: 2.5 },
    data: cells.map((c) => ({
      value: c.value,
      itemStyle: {
        color: c.n < FEW ? palette.card : palette.heed,
        borderColor: palette.heed,
        borderWidth: c.n < FEW ? 2 : 0,
      },
    })),
  };
}

// What stood out, on an axis of its own on which half a period is a place.
function shade({ keys, palette, height }: Drawing, happenings: readonly Happening[]): LineSeriesOption[] {
  const indexOf = (day: string): number => Math.max(0, keys.findLastIndex((k) => k <= day.slice(0, k.length)));
  return happenings.map((h) => {
    const color = h.good ? palette.delight : palette.pain;
    return {
      type: 'line',
      xAxisIndex: 1,
      silent: true,
      data: [],
      markArea: {
        silent: true,
        itemStyle: { color, opacity: 0.12 },
        label: { show: height > 200, position: 'insideTop', color, fontSize: 11 },
        data: [
          [
            { name: h.what, xAxis: Math.max(0, indexOf(h.from) - HALF) },
            { xAxis: Math.min(keys.length - 1, indexOf(h.to) + HALF) },
          ],
        ],
      },
    };
  });
}

function axes(d: Drawing, counts: boolean): NonNullable<EChartsOption['xAxis']> {
  const { labels, palette } = d;
  return [
    {
      type: 'category',
      data: [...labels],
      boundaryGap: counts || labels.length < 3,
      axisLine: { lineStyle: { color: palette.line } },
      axisTick: { show: false },
      axisLabel: { color: palette.quiet, fontSize: 12, hideOverlap: true, alignMaxLabel: 'right', alignMinLabel: 'left' },
    },
    { type: 'value', min: 0, max: Math.max(labels.length - 1, 1), show: false }, // the same, for what lies between
  ];
}

export function Trend(props: Props): ReactNode {
  const { cells, by, metric, unit, height = 240, happenings = [], scale, onPick } = props;
  const { locale, t, palette } = useHere();
  const names = useNames();
  const counts = metric === 'count';
  const keys = cells.map((c) => String(c.key[by] ?? ''));
  const labels = keys.map((k) => period(locale, by, k));
  const unitText = names.unit(unit);
  const describe = (c: Cell): string =>
    c.value === null
      ? t(c.reason === 'too_few' ? 'tooFew' : 'noAnswer')
      : `${number(locale, c.value, counts ? 0 : 1)}${unit === '%' ? ' %' : ''}` +
        (c.low === null ? '' : `  ${range(locale, c.low, c.high)}`);
  const option = useMemo<EChartsOption>(() => {
    const [from, to] = scale ?? rangeOf(cells);
    const few = height < 160;
    const drawing = { cells, labels, keys, palette, height };
    return {
      grid: { left: 4, right: 8, top: 12, bottom: 4, containLabel: true },
      xAxis: axes(drawing, counts),
      yAxis: {
        type: 'value',
        ...(counts && !scale ? { min: 0, splitNumber: few ? 2 : 4 } : axisOf(counts ? 0 : from, to, few ? 2 : 4, unit)),
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { color: palette.quiet, fontSize: 12, hideOverlap: true, formatter: (v: number) => number(locale, v, 0) ?? '' },
        splitLine: { lineStyle: { color: palette.line, width: 1 } },
      },
      tooltip: {
        trigger: 'axis',
        backgroundColor: palette.card,
        borderColor: palette.line,
        textStyle: { color: palette.ink, fontSize: 12 },
        axisPointer: { lineStyle: { color: palette.quiet } },
        formatter: (p: unknown) => {
          const at = (p as readonly { dataIndex: number }[])[0]?.dataIndex ?? 0;
          const c = cells[at];
          return c ? tip([labels[at] ?? '', describe(c), `n = ${count(locale, c.n)}`]) : '';
        },
      },
      series: counts
        ? [{ type: 'bar', data: cells.map((c) => c.value), itemStyle: { color: palette.heed, borderRadius: [3, 3, 0, 0] }, barMaxWidth: 28 }]
        : [...band(drawing), estimate(drawing), ...shade(drawing, happenings)],
    };
  }, [cells, by, metric, unit, height, happenings, scale, locale, palette]);
  const label = `${names.metric(metric)}${unitText ? `, ${unitText}` : ''}: ${cells.length} × ${names.column(by)}`;
  return (
    <>
      <Chart
        option={option}
        height={height}
        label={label}
        {...(onPick ? { onPick: (i: number) => cells[i] && onPick(cells[i]) } : {})}
      />
      <div className="sr">
        <table>
          <caption>{label}</caption>
          <tbody>
            {cells.map((c, i) => (
              <tr key={labels[i]}>
                <th scope="row">{labels[i]}</th>
                <td>{describe(c)}</td>
                <td>n = {count(locale, c.n)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
