// The parts of ECharts we use, in one chunk that loads with the first chart.
import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, MarkAreaComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, LineChart, AriaComponent, GridComponent, MarkAreaComponent, TooltipComponent, SVGRenderer]);

export { init };
