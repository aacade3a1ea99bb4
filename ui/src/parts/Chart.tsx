// A chart, drawn as SVG and described for screen readers; the library arrives when the first is shown.
import { useEffect, useRef, type ReactNode } from 'react';
import type { EChartsOption } from 'echarts';
import { useHere } from '../lib/session';

interface Props {
  readonly option: EChartsOption;
  readonly height: number;
  readonly label: string; // the whole chart in a sentence
  readonly onPick?: (index: number) => void; // which point of the category axis
}

export function Chart({ option, height, label, onPick }: Props): ReactNode {
  const { palette } = useHere();
  const box = useRef<HTMLDivElement>(null);
  const pick = useRef(onPick);
  pick.current = onPick;
  useEffect(() => {
    const at = box.current;
    if (!at) return undefined;
    let drop = (): void => undefined;
    let gone = false;
    void import('./echarts').then(({ init }) => {
      if (gone) return;
      const chart = init(at, undefined, { renderer: 'svg' });
      const fontFamily = getComputedStyle(at).fontFamily;
      chart.setOption({ textStyle: { color: palette.ink, fontFamily }, animation: false, ...option });
      chart.getZr().on('click', (e) => {
        const found: unknown = chart.convertFromPixel({ gridIndex: 0 }, [e.offsetX, e.offsetY]);
        const x = Array.isArray(found) ? Number(found[0]) : NaN;
        if (chart.containPixel({ gridIndex: 0 }, [e.offsetX, e.offsetY])) pick.current?.(Math.round(x));
      });
      const watch = new ResizeObserver(() => chart.resize());
      watch.observe(at);
      drop = () => {
        watch.disconnect();
        chart.dispose();
      };
    });
    return () => {
      gone = true;
      drop();
    };
  }, [option, palette]);
  return <div ref={box} role="img" aria-label={label} style={{ height, width: '100%' }} />;
}
