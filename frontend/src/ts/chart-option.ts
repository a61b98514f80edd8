// Turns the small chart description of a page into ECharts' own, in our colours and with printed values.

export interface ChartData {
  kind: "bar" | "line" | "rows";
  labels: string[];
  series: ChartSeries[];
  unit?: string;
  stacked?: boolean;
  digits?: number; // behind the point of every printed figure
  from?: number; // where the axis of values begins; 0 without it
}

/** Of a line: `symbols` a shape for each value, `low` and `high` its interval, `apart` marks without a line, `quiet` a dashed line without figures, such as a goal. */
export interface ChartSeries {
  name: string;
  values: (number | null)[];
  tone?: "got" | "lost" | "good" | "bad" | "ink" | "line";
  symbols?: (string | null)[];
  low?: (number | null)[];
  high?: (number | null)[];
  apart?: boolean;
  quiet?: boolean;
}

export interface Palette { got: string; lost: string; good: string; bad: string; ink: string; text: string; quiet: string; line: string; font: string }

/** #fff, as a minifier writes it, as #ffffff. */
const long = (colour: string): string => colour.replace(/^#([0-9a-f])([0-9a-f])([0-9a-f])$/i, "#$1$1$2$2$3$3");

/** `colour` (#rrggbb, as the tokens write it) thinned with `paper` to `share`; anything else comes back as it is. */
export function thin(colour: string, paper: string, share: number): string {
  const parts = [colour, paper].map(long).map((one) => /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(one)?.slice(1).map((hex) => parseInt(hex, 16)));
  const [ink, sheet] = parts;
  if (!ink || !sheet) return colour;
  return `rgb(${ink.map((value, index) => Math.round(value * share + (sheet[index] ?? 255) * (1 - share))).join(", ")})`;
}

/** Reads the colours from the tokens, so that no chart has any of its own. */
export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    got: token("--cw-brand-mid"), lost: thin(token("--cw-bad"), token("--cw-surface"), 0.26), good: token("--cw-good"), bad: token("--cw-bad"),
    ink: token("--cw-ink-2"), text: token("--cw-ink"), quiet: token("--cw-ink-3"), line: token("--cw-line"), font: token("--cw-font"),
  };
}

const ROOM = 0.06; // of the longest bar: a shorter part of a stack has no room for its figure, the table has it

/** What is printed at a value: itself, with the digits that the chart asks for, and nothing in a part too short for it. */
export function figures(data: ChartData): string | ((point: { value?: unknown }) => string) {
  if (data.digits === undefined) return `{c}${data.unit ?? ""}`;
  const sums = data.labels.map((_, index) => data.series.reduce((sum, one) => sum + (one.values[index] ?? 0), 0));
  const least = data.stacked ? ROOM * Math.max(0, ...sums) : 0;
  return ({ value }) => (typeof value === "number" && Math.abs(value) >= least ? `${value.toFixed(data.digits)}${data.unit ?? ""}` : "");
}

/** What lies between low and high, as a thin column under each value: it stands for one round alone as well as for many. */
function interval(one: ChartSeries, index: number, palette: Palette): Record<string, unknown>[] {
  const { low, high } = one;
  if (!low || !high || !low.some((value) => value !== null)) return [];
  const shared = { type: "bar", stack: `interval${index}`, barWidth: 16, barGap: "-100%", silent: true, tooltip: { show: false } };
  const span = low.map((value, place) => (value === null ? null : Math.round(((high[place] ?? value) - value) * 100) / 100));
  return [
    { ...shared, data: low, itemStyle: { color: "transparent" } },
    { ...shared, data: span, itemStyle: { color: palette.got, opacity: 0.35, borderRadius: 4 } },
  ];
}

/** The band that joins the intervals of a line's neighbours. */
function band(one: ChartSeries, index: number, palette: Palette): Record<string, unknown>[] {
  const { low, high } = one;
  if (!low || !high || low.filter((value) => value !== null).length < 2) return [];
  const shared = { type: "line", stack: `band${index}`, symbol: "none", silent: true, connectNulls: true, lineStyle: { opacity: 0 } };
  const span = low.map((value, place) => (value === null ? null : Math.round(((high[place] ?? value) - value) * 100) / 100));
  return [{ ...shared, data: low }, { ...shared, data: span, areaStyle: { color: palette.got, opacity: 0.15 } }];
}

function lineOf(one: ChartSeries, palette: Palette, formatter: ReturnType<typeof figures>): Record<string, unknown> {
  const color = palette[one.tone ?? "got"];
  const label = { show: !one.quiet, position: "top", color: palette.ink, formatter };
  const style = one.quiet ? { type: "dashed", width: 1.5 } : { width: one.apart ? 0 : 2 };
  const data = one.symbols ? one.values.map((value, place) => (value === null ? null : { value, symbol: one.symbols?.[place] ?? "circle" })) : one.values;
  return { type: "line", name: one.name, data, color, connectNulls: true, symbolSize: 10, lineStyle: style, label, z: 3, ...(one.quiet ? { symbol: "none" } : {}) };
}

/** A line of values that may be apart, with what is uncertain about each. */
function lineOption(data: ChartData, palette: Palette): Record<string, unknown>[] {
  const spans = data.series.flatMap((one, index) => [...band(one, index, palette), ...interval(one, index, palette)]);
  return [...spans, ...data.series.map((one) => lineOf(one, palette, figures(data)))];
}

/** The least and greatest figure with some room, so that a line does not begin at nought. */
function scaleOf(data: ChartData): { min: number; max: number; interval: number } | Record<string, never> {
  const held = data.series.flatMap((one) => [...one.values, ...(one.low ?? []), ...(one.high ?? [])]).filter((value) => value !== null);
  if (!held.length) return {};
  const interval = Math.max(...held) - Math.min(...held) > 30 ? 10 : 5;
  return { min: Math.max(0, Math.floor((Math.min(...held) - 2) / interval) * interval), max: Math.ceil((Math.max(...held) + 2) / interval) * interval, interval };
}

/** The option for `echarts.setOption`. No tooltip: values are printed, and a table stands beside. */
export function chartOption(data: ChartData, palette: Palette): Record<string, unknown> {
  const lying = data.kind === "rows";
  const rich = data.kind === "line" && data.series.some((one) => one.symbols);
  const category = { type: "category", data: data.labels, axisTick: { show: false }, axisLine: { lineStyle: { color: palette.line } }, axisLabel: { color: palette.quiet, ...(rich ? { interval: 0, hideOverlap: true, lineHeight: 16 } : {}) } };
  const value = { type: "value", ...(data.from === undefined ? {} : { min: data.from }), axisLabel: { color: palette.quiet }, splitLine: { lineStyle: { color: palette.line } }, ...(rich ? scaleOf(data) : {}) };
  return {
    animation: false,
    textStyle: { fontFamily: palette.font, fontSize: 12 },
    grid: { left: 8, right: 24, top: rich ? 56 : data.series.length > 1 ? 36 : 24, bottom: 8, containLabel: true },
    legend: { show: data.series.length > 1, data: [...new Set(data.series.map((one) => one.name))], top: 0, left: 0, icon: "roundRect", itemWidth: 14, itemHeight: 10, textStyle: { color: palette.ink } },
    xAxis: lying ? value : category,
    yAxis: lying ? { ...category, inverse: true } : value,
    series: rich ? lineOption(data, palette) : data.series.map((one, index) => ({
      type: data.kind === "line" ? "line" : "bar",
      name: one.name,
      data: one.values,
      ...(data.stacked ? { stack: "all" } : {}),
      color: palette[one.tone ?? (["got", "good", "bad", "lost"] as const)[index % 4] ?? "got"],
      barMaxWidth: 28,
      ...(one.quiet ? { symbol: "none", lineStyle: { type: "dashed" } } : {}),
      label: { show: !one.quiet, position: lying && !data.stacked ? "right" : data.stacked ? "inside" : "top", color: data.stacked ? palette.text : palette.ink, formatter: figures(data) },
    })),
  };
}
