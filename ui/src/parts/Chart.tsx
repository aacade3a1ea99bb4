// A chart, drawn as SVG and described for screen readers; the library arrives when the first is shown.
import { useEffect, useRef, type ReactNode } from 'react';
import type { EChartsOption } from 'echarts';
import { useHere } from '../lib/session';

interface Props {
  readonly option: EChartsOption;
  readonly height: number;
  readonly label: string;
  readonly onPick?: (name: string) => void;
}

export function Chart({ option, height, label, onPick }: Props): ReactNode {
  const { palette } = useHere();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const at = box.current;
    if (!at) return undefined;
    let drop = (): void => undefined;
    let gone = false;
    void import('./echarts').then(({ init }) => {
      if (gone) return;
      const chart = init(at, undefined, { renderer: 'svg' });
      chart.setOption({ textStyle: { color: palette.ink, fontFamily: 'inherit' }, animation: false, ...option });
      if (onPick) chart.on('click', (e) => onPick(String(e.name)));
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
  }, [option, palette, onPick]);
  return <div ref={box} role="img" aria-label={label} style={{ height, width: '100%' }} />;
}
