// The parts of ECharts that our charts use. Canvas, since its SVG writes style attributes, which the content policy forbids.

import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, LineChart, GridComponent, LegendComponent, CanvasRenderer]);

export { init };
