// Draws charts where a page has some; ECharts is fetched only then.
// <div class="cw-chart" data-chart="id of a JSON script tag" role="img" aria-label="…"></div>, with a table of the same figures beside it.

import { type ChartData, chartOption, paletteOf } from "./chart-option";

const waiting = (root: ParentNode): HTMLElement[] => [...root.querySelectorAll<HTMLElement>("[data-chart]:not([data-drawn])")];

export function dataOf(place: HTMLElement): ChartData | undefined {
  const source = document.getElementById(place.dataset["chart"] ?? "");
  if (!source?.textContent) return undefined;
  return JSON.parse(source.textContent) as ChartData;
}

export async function draw(root: ParentNode): Promise<void> {
  const places = waiting(root);
  if (!places.length) return;
  const { init } = await import("./echarts-part");
  for (const place of places) {
    const data = dataOf(place);
    if (!data) continue;
    place.dataset["drawn"] = "";
    const chart = init(place);
    chart.setOption(chartOption(data, paletteOf(place)));
    new ResizeObserver(() => chart.resize()).observe(place);
  }
}

export function start(): void {
  void draw(document);
  document.addEventListener("htmx:afterSettle", () => void draw(document));
}
