import { beforeEach, expect, test, vi } from "vitest";

const setOption = vi.hoisted(() => vi.fn());
const init = vi.hoisted(() => vi.fn(() => ({ setOption, resize: () => undefined, getDataURL: () => "data:image/png;base64,", dispose: () => undefined })));
vi.mock("./echarts-part", () => ({ init }));
const { dataOf, draw } = await import("./charts");

beforeEach(() => {
  setOption.mockClear();
  init.mockClear();
  vi.stubGlobal("ResizeObserver", class { observe(): void {} });
  document.body.innerHTML = '<script type="application/json" id="figures">{"kind":"bar","labels":["6月"],"series":[{"name":"次数","values":[61]}]}</script><div data-chart="figures"></div><div data-chart="none"></div>';
});

test("the data comes from the named script tag", () => {
  expect(dataOf(document.querySelector("[data-chart]") as HTMLElement)?.labels).toEqual(["6月"]);
  expect(dataOf(document.querySelector("[data-chart='none']") as HTMLElement)).toBeUndefined();
});

test("every place is drawn once", async () => {
  await Promise.all([draw(document), draw(document)]);
  await draw(document);
  expect(document.querySelectorAll("[data-drawn]")).toHaveLength(1);
  expect(setOption).toHaveBeenCalledTimes(2); // on screen and for paper
});

test("a picture of the chart waits for paper, as wide as a sheet of A4", async () => {
  await draw(document);
  expect(init.mock.lastCall).toEqual([expect.any(HTMLDivElement), null, { width: 700, height: 260, devicePixelRatio: 3 }]);
  expect(document.querySelector<HTMLImageElement>("[data-drawn] > img")?.src).toMatch(/^data:image\/png/);
});
