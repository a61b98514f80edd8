import { beforeEach, expect, test, vi } from "vitest";

const setOption = vi.hoisted(() => vi.fn());
vi.mock("./echarts-part", () => ({ init: () => ({ setOption, resize: () => undefined }) }));
const { dataOf, draw } = await import("./charts");

beforeEach(() => {
  setOption.mockClear();
  vi.stubGlobal("ResizeObserver", class { observe(): void {} });
  document.body.innerHTML = '<script type="application/json" id="figures">{"kind":"bar","labels":["6月"],"series":[{"name":"次数","values":[61]}]}</script><div data-chart="figures"></div><div data-chart="none"></div>';
});

test("the data comes from the named script tag", () => {
  expect(dataOf(document.querySelector("[data-chart]") as HTMLElement)?.labels).toEqual(["6月"]);
  expect(dataOf(document.querySelector("[data-chart='none']") as HTMLElement)).toBeUndefined();
});

test("every place is drawn once", async () => {
  await draw(document);
  await draw(document);
  expect(setOption).toHaveBeenCalledTimes(1);
});
