// Draws charts where a page has some; ECharts is fetched only then.
// <div class="cw-chart" data-chart="id of a JSON script tag" role="img" aria-label="…"></div>, with a table of the same figures beside it.

import { type ChartData, chartOption, paletteOf } from "./chart-option";

const PAPER = 700, USUAL = 260, SHARP = 3; // px between the margins of A4 (paper.css), a chart's height, dots a px

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
    if (!data || place.dataset["drawn"] !== undefined) continue; // drawn meanwhile by another call
    place.dataset["drawn"] = "";
    const option = chartOption(data, paletteOf(place));
    const chart = init(place);
    chart.setOption(option);
    new ResizeObserver(() => chart.resize()).observe(place);
    place.append(onPaper(place, option, init));
  }
}

/** The same chart as a picture as wide as a sheet of A4: a canvas would be cut there, since it is not drawn again for a print. */
function onPaper(place: HTMLElement, option: Record<string, unknown>, init: typeof import("./echarts-part").init): HTMLImageElement {
  const sheet = init(document.createElement("div"), null, { width: PAPER, height: place.clientHeight || USUAL, devicePixelRatio: SHARP });
  sheet.setOption(option);
  const picture = new Image();
  picture.alt = ""; // the place has its words
  picture.src = sheet.getDataURL({ type: "png", pixelRatio: SHARP, backgroundColor: "#fff" });
  sheet.dispose();
  return picture;
}

export function start(): void {
  void draw(document);
  document.addEventListener("htmx:afterSettle", () => void draw(document));
}
