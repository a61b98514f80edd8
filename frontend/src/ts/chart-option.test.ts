import { expect, test } from "vitest";
import { type ChartData, chartOption, figures, thin } from "./chart-option";

const palette = { got: "got", lost: "lost", good: "good", bad: "bad", ink: "ink", text: "text", quiet: "quiet", line: "line", font: "font" };
interface Drawn { xAxis: { type: string }; yAxis: { type: string; inverse?: boolean }; legend: { show: boolean }; series: { type: string; color: string; stack?: string; label: { formatter: string } }[] }

test("rows lie down, with the first on top", () => {
  const option = chartOption({ kind: "rows", labels: ["一", "二"], series: [{ name: "失分", values: [1, 2] }], unit: "分" }, palette) as unknown as Drawn;
  expect([option.xAxis.type, option.yAxis.type, option.yAxis.inverse]).toEqual(["value", "category", true]);
  expect(option.legend.show).toBe(false);
  expect(option.series[0]?.label.formatter).toBe("{c}分");
});

test("a stack keeps the meaning's colours", () => {
  const series = [{ name: "得", values: [1], tone: "got" as const }, { name: "失", values: [2], tone: "lost" as const }];
  const option = chartOption({ kind: "bar", labels: ["x"], series, stacked: true }, palette) as unknown as Drawn;
  expect(option.series.map((one) => [one.type, one.color, one.stack])).toEqual([["bar", "got", "all"], ["bar", "lost", "all"]]);
  expect(option.legend.show).toBe(true);
});

test("a line is a line", () => {
  const option = chartOption({ kind: "line", labels: ["x"], series: [{ name: "率", values: [1] }] }, palette) as unknown as Drawn;
  expect(option.series[0]?.type).toBe("line");
});

test("a goal is a quiet line, and the axis may begin above nought", () => {
  const series = [{ name: "得分", values: [83] }, { name: "目标", values: [90], quiet: true }];
  const option = chartOption({ kind: "line", labels: ["x"], series, from: 80 }, palette) as unknown as { yAxis: { min?: number }; series: { label: { show: boolean }; symbol?: string }[] };
  expect(option.yAxis.min).toBe(80);
  expect(option.series.map((one) => [one.label.show, one.symbol])).toEqual([[true, undefined], [false, "none"]]);
});

test("a colour is thinned with the paper's", () => {
  expect(thin("#b3261e", "#ffffff", 0.26)).toBe("rgb(235, 199, 197)");
  expect(thin("red", "#ffffff", 0.26)).toBe("red");
});

test("figures have the digits that are asked for, and none stands in a part too short for it", () => {
  const data = { kind: "rows", labels: ["a", "b"], stacked: true, digits: 2, series: [{ name: "x", values: [1.4, 0.25] }, { name: "y", values: [0.03, null] }] } as const;
  const words = figures(data as unknown as ChartData) as (point: { value?: unknown }) => string;
  expect([1.4, 0.25, 0.03, null].map((value) => words({ value }))).toEqual(["1.40", "0.25", "", ""]);
  const apart = figures({ kind: "rows", labels: ["a"], digits: 2, series: [{ name: "x", values: [-0.5] }] }) as (point: { value?: unknown }) => string;
  expect(apart({ value: -0.5 })).toBe("-0.50");
  expect(figures({ kind: "bar", labels: [], series: [], unit: "%" })).toBe("{c}%");
});

test("a colour that a minifier shortened is thinned like the long one", () => {
  expect(thin("#b3261e", "#fff", 0.26)).toBe(thin("#b3261e", "#ffffff", 0.26));
});

const rounds = {
  kind: "line" as const, labels: ["一", "二", "三"],
  series: [
    { name: "2020版", values: [80, 82, null], symbols: ["circle", "rect", null], low: [78, 81, null], high: [82.5, 84, null], tone: "got" as const },
    { name: "2024版", values: [null, null, 85], symbols: [null, null, "triangle"], low: [null, null, 83], high: [null, null, 86] },
    { name: "目标90", values: [90, 90, 90], quiet: true, tone: "good" as const },
  ],
};
interface Rich { yAxis: { min: number; max: number; interval: number }; legend: { data: string[] }; series: { type: string; name?: string; stack?: string; data: unknown[]; symbol?: string; lineStyle?: { type?: string; width?: number } }[] }

test("each value of a line has its own shape, and a line ends where its values do", () => {
  const drawn = chartOption(rounds, palette) as unknown as Rich;
  const lines = drawn.series.filter((one) => one.name);
  expect(lines.map((one) => one.name)).toEqual(["2020版", "2024版", "目标90"]);
  expect(lines[0]?.data).toEqual([{ value: 80, symbol: "circle" }, { value: 82, symbol: "rect" }, null]);
  expect(lines[1]?.data).toEqual([null, null, { value: 85, symbol: "triangle" }]);
  expect([lines[2]?.symbol, lines[2]?.lineStyle?.type]).toEqual(["none", "dashed"]);
  expect(drawn.legend.data).toEqual(["2020版", "2024版", "目标90"]);
});

test("intervals lie under the values: a band where there are neighbours, a column for each", () => {
  const drawn = chartOption(rounds, palette) as unknown as Rich;
  const stacks = drawn.series.filter((one) => one.stack).map((one) => [one.stack, one.data]);
  expect(stacks).toEqual([
    ["band0", [78, 81, null]], ["band0", [4.5, 3, null]], ["interval0", [78, 81, null]], ["interval0", [4.5, 3, null]],
    ["interval1", [null, null, 83]], ["interval1", [null, null, 3]],
  ]);
});

test("a line of scores does not begin at nought", () => {
  const drawn = chartOption(rounds, palette) as unknown as Rich;
  expect([drawn.yAxis.min, drawn.yAxis.max, drawn.yAxis.interval]).toEqual([75, 95, 5]);
});

test("marks that stand apart have no line", () => {
  const apart = [{ name: "外部", values: [88, null], symbols: ["rect", null], apart: true }];
  const drawn = chartOption({ kind: "line", labels: ["一", "二"], series: apart }, palette) as unknown as Rich;
  expect(drawn.series.map((one) => one.lineStyle?.width)).toEqual([0]);
});
