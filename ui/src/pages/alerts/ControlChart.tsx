// A control chart: the figure, its limits as a band, what was expected, and the points outside; the numbers follow as a table.
import { Button } from 'antd';
import type { EChartsOption, LineSeriesOption } from 'echarts';
import { useMemo, type ReactNode } from 'react';
import { number, period as periodText } from '../../lib/format';
import { useHere } from '../../lib/session';
import type { Palette } from '../../lib/theme';
import { Chart } from '../../parts/Chart';
import { unitOf, type Point, type Watch } from './ctrl';
import { w } from './words';

interface Props {
  readonly watch: Watch;
  readonly points: readonly Point[];
  readonly name: string;
  readonly onPick?: (p: Point) => void;
}

const scaled = (v: number | null, times: number): number | null => (v === null ? null : v * times);

// One-sided limits leave the other end open: the band goes to the floor of the figure, or is left out above.
function band(points: readonly Point[], watch: Watch, times: number, palette: Palette): LineSeriesOption[] {
  const floor = watch.what === 'volume' || watch.what.startsWith('share:') ? 0 : null;
  const low = points.map((p) => (p.high === null && p.low === null ? null : scaled(p.low ?? floor, times)));
  const part: LineSeriesOption = {
    type: 'line', emphasis: { disabled: true }, stack: 'band', stackStrategy: 'all', silent: true, symbol: 'none', lineStyle: { opacity: 0 }, step: 'middle',
  };
  return [
    { ...part, data: low },
    {
      ...part,
      areaStyle: { color: palette.doubt, opacity: 0.5 },
      data: points.map((p, i) => (p.high === null || low[i] === null || low[i] === undefined ? null : p.high * times - low[i])),
    },
  ];
}

function lines(points: readonly Point[], times: number, palette: Palette): LineSeriesOption[] {
  return [
    {
      type: 'line', silent: true, symbol: 'none', step: 'middle', lineStyle: { color: palette.quiet, width: 1, type: 'dashed' },
      data: points.map((p) => scaled(p.expected, times)),
    },
    {
      type: 'line', z: 3, symbol: 'circle', showAllSymbol: true, lineStyle: { color: palette.heed, width: 2 },
      data: points.map((p) => ({
        value: scaled(p.value, times),
        symbol: p.signal ? 'diamond' : 'circle',
        symbolSize: p.signal ? 11 : 4,
        itemStyle: { color: p.signal ? palette.pain : palette.heed },
      })),
    },
  ];
}

// The picture as it stands, as a file.
function savePng(svg: SVGSVGElement, name: string, ground: string): void {
  const box = svg.getBoundingClientRect();
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement('canvas');
    canvas.width = box.width * 2;
    canvas.height = box.height * 2;
    const draw = canvas.getContext('2d');
    if (!draw) return;
    draw.fillStyle = ground;
    draw.fillRect(0, 0, canvas.width, canvas.height);
    draw.drawImage(image, 0, 0, canvas.width, canvas.height);
    const link = document.createElement('a');
    link.download = `${name}.png`;
    link.href = canvas.toDataURL('image/png');
    link.click();
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
}

export function ControlChart({ watch, points, name, onPick }: Props): ReactNode {
  const { say, locale, palette } = useHere();
  const { times, digits } = unitOf(watch.what);
  const by = watch.period === 'week' ? 'week(occurred_at)' : 'day(occurred_at)';
  const labels = useMemo(
    () => points.map((p) => (watch.period === 'hour' ? p.at.slice(5, 16).replace('T', ' ') : periodText(locale, by, p.at.slice(0, 10)))),
    [points, watch.period, locale, by],
  );
  const text = (v: number | null): string => number(locale, scaled(v, times), digits) ?? '–';
  const option = useMemo<EChartsOption>(
    () => ({
      grid: { left: 4, right: 8, top: 12, bottom: 4, containLabel: true },
      xAxis: {
        type: 'category', data: labels, boundaryGap: false, axisLine: { lineStyle: { color: palette.line } }, axisTick: { show: false },
        axisLabel: { color: palette.quiet, fontSize: 12, hideOverlap: true, alignMaxLabel: 'right', alignMinLabel: 'left' },
      },
      yAxis: {
        type: 'value', scale: watch.what !== 'volume', splitNumber: 4, axisLine: { show: false }, axisTick: { show: false },
        axisLabel: { color: palette.quiet, fontSize: 12, formatter: (v: number) => `${number(locale, v, digits === 2 ? 1 : 0) ?? ''}${times === 100 ? ' %' : ''}` },
        splitLine: { lineStyle: { color: palette.line, width: 1 } },
      },
      tooltip: {
        trigger: 'axis', backgroundColor: palette.card, borderColor: palette.line, textStyle: { color: palette.ink, fontSize: 12 },
        formatter: (found: unknown) => {
          const p = points[(found as readonly { dataIndex: number }[])[0]?.dataIndex ?? 0];
          const box = document.createElement('div');
          if (p) box.textContent = `${labels[points.indexOf(p)] ?? ''} · ${text(p.value)} · ${say(w.expected)} ${text(p.expected)} [${text(p.low)}, ${text(p.high)}]`;
          return box;
        },
      },
      series: [...band(points, watch, times, palette), ...lines(points, times, palette)],
    }),
    [points, labels, watch, times, digits, palette, locale],
  );
  const label = say(w.chartLabel, { name, n: points.length });
  return (
    <figure className="control">
      <Chart option={option} height={260} label={label} {...(onPick ? { onPick: (i: number) => points[i] && onPick(points[i]) } : {})} />
      <figcaption className="quiet small control-foot">
        <span>{say(w.chartHint)}</span>
        <Button
          size="small"
          onClick={(e) => {
            const svg = e.currentTarget.closest('figure')?.querySelector('svg');
            if (svg) savePng(svg, 'heed-chart', palette.card);
          }}
        >
          {say(w.savePng)}
        </Button>
      </figcaption>
      <div className="sr">
        <table>
          <caption>{label}</caption>
          <tbody>
            {points.map((p, i) => (
              <tr key={p.at}>
                <th scope="row">{labels[i]}</th>
                <td>{text(p.value)}</td>
                <td>
                  {say(w.expected)} {text(p.expected)}
                </td>
                <td>{p.signal ? say(w.outside) : ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
