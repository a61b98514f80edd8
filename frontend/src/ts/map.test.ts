import { expect, test, vi } from "vitest";

const drawMap = vi.hoisted(() => vi.fn(async () => undefined));
vi.mock("./map-part", () => ({ drawMap }));
const { draw } = await import("./map");

test("each map of the page is drawn once", async () => {
  document.body.innerHTML = '<div data-map="/a"></div><div data-map="/b"></div>';
  await draw();
  await draw();
  expect(drawMap).toHaveBeenCalledTimes(2);
});
