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
  expect(figures({ kind: "bar", labels: [], series: [], unit: "%" })).toBe("{c}%");
});

test("a colour that a minifier shortened is thinned like the long one", () => {
  expect(thin("#b3261e", "#fff", 0.26)).toBe(thin("#b3261e", "#ffffff", 0.26));
});
