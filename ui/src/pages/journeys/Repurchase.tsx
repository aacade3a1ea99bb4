// Who came again: how soon after the first time, and whether newer customers do so more or less.
import { useMemo, type ReactNode } from 'react';
import type { EChartsOption } from 'echarts';
import { count, number, period, range, type Estimate } from '../../lib/format';
import type { Journey } from '../../lib/journeys';
import { useHere } from '../../lib/session';
import { share } from '../../lib/stats';
import { Chart } from '../../parts/Chart';
import { againOf, withins } from './ctrl';
import { w } from './words';

interface Point extends Estimate {
  readonly label: string;
}

// Estimates with their intervals along a few places; the same numbers as a table below.
function Curve({ points, head, label }: { readonly points: readonly Point[]; readonly head: string; readonly label: string }): ReactNode {
  const { say, t, locale, palette } = useHere();
  const option = useMemo<EChartsOption>(() => {
    const part = { type: 'line' as const, stack: 'band', stackStrategy: 'all' as const, silent: true, symbol: 'none', lineStyle: { opacity: 0 } };
    return {
      grid: { left: 4, right: 16, top: 12, bottom: 4, containLabel: true },
      xAxis: {
        type: 'category',
        data: points.map((p) => p.label),
        axisLine: { lineStyle: { color: palette.line } },
        axisTick: { show: false },
        axisLabel: { color: palette.quiet, fontSize: 12 },
      },
      yAxis: {
        type: 'value',
        min: 0,
        axisLabel: { color: palette.quiet, fontSize: 12, formatter: (v: number) => `${number(locale, v, 0)} %` },
        splitLine: { lineStyle: { color: palette.line } },
      },
      series: [
        { ...part, data: points.map((p) => p.low) },
        { ...part, areaStyle: { color: palette.doubt, opacity: 0.65 }, data: points.map((p) => (p.high === null || p.low === null ? null : p.high - p.low)) },
        {
          type: 'line',
          z: 3,
          symbol: 'circle',
          symbolSize: 7,
          lineStyle: { color: palette.heed, width: 2.5 },
          data: points.map((p) => ({
            value: p.value,
            itemStyle: { color: p.n < 30 ? palette.card : palette.heed, borderColor: palette.heed, borderWidth: p.n < 30 ? 2 : 0 },
          })),
        },
      ],
    };
  }, [points, palette, locale]);
  return (
    <>
      <Chart option={option} height={220} label={label} />
      <div className="scroll" tabIndex={0} role="region" aria-label={label}>
        <table className="plot-table j-numbers">
          <thead>
            <tr>
              <th scope="col">{head}</th>
              <th scope="col" className="num">{say(w.share)}</th>
              <th scope="col" className="num">{t('interval')}</th>
              <th scope="col" className="num">{say(w.watched)}</th>
            </tr>
          </thead>
          <tbody>
            {points.map((p) => (
              <tr key={p.label}>
                <th scope="row">{p.label}</th>
                <td className="num">{p.value === null ? t('noAnswer') : `${number(locale, p.value)} %`}</td>
                <td className="num quiet">{range(locale, p.low, p.high)}</td>
                <td className="num">{count(locale, p.n)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

export function Repurchase({ found }: { readonly found: readonly Journey[] }): ReactNode {
  const { say, t, locale } = useHere();
  const [all, months, ...spans] = found;
  const days = useMemo(
    () =>
      spans.map((j, i) => {
        const r = againOf(j)[0];
        return { ...share(r?.observed_again ?? 0, r?.observed ?? 0), label: String(withins[i] ?? '') };
      }),
    [found],
  );
  const months90 = useMemo(
    () => againOf(months).map((r) => ({ ...share(r.observed_again, r.observed), label: period(locale, 'month', r.period ?? '') })),
    [found, locale],
  );
  const whole = share(all?.repeat_buyers ?? 0, all?.buyers ?? 0);
  return (
    <div className="j-repurchase">
      <section>
        <p className="quiet">{say(w.again)}</p>
        <p className="big num">
          {whole.value === null ? t('noAnswer') : number(locale, whole.value)} {whole.value !== null && <small>%</small>}
        </p>
        <p className="quiet small num">
          {t('interval')} {range(locale, whole.low, whole.high)} ·{' '}
          {say(w.againOf, { n: count(locale, all?.buyers ?? 0), again: count(locale, all?.repeat_buyers ?? 0) })}
        </p>
      </section>
      <section>
        <h3>{say(w.curve)}</h3>
        <Curve points={days} head={say(w.within)} label={say(w.curve)} />
        <p className="quiet small foot">{say(w.curveHint)}</p>
      </section>
      <section>
        <h3>{say(w.months, { n: 90 })}</h3>
        <Curve points={months90} head={say(w.month)} label={say(w.months, { n: 90 })} />
      </section>
    </div>
  );
}
