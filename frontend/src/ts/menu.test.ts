import { expect, test } from "vitest";
import { nextItem, placeBeside } from "./menu";

const view = { width: 400, height: 300 };
const menu = { width: 180, height: 100 };

test("a menu opens below and flush left of its button", () => {
  expect(placeBeside({ left: 20, top: 10, right: 60, bottom: 40 }, menu, view)).toEqual({ left: 20, top: 44 });
});

test("at the right and lower edge it opens above and flush right", () => {
  expect(placeBeside({ left: 350, top: 250, right: 390, bottom: 280 }, menu, view)).toEqual({ left: 210, top: 146 });
});

test("where it fits neither below nor above it stays below, and never leaves the window to the left", () => {
  expect(placeBeside({ left: 300, top: 50, right: 150, bottom: 280 }, menu, view)).toEqual({ left: 8, top: 284 });
});

test("arrow keys go round, other keys lead nowhere", () => {
  const items = ["a", "b", "c"].map(() => document.createElement("button"));
  const [first, second, last] = items as unknown as [HTMLElement, HTMLElement, HTMLElement];
  expect(nextItem(items, first, "ArrowDown")).toBe(second);
  expect(nextItem(items, last, "ArrowDown")).toBe(first);
  expect(nextItem(items, first, "ArrowUp")).toBe(last);
  expect(nextItem(items, null, "ArrowDown")).toBe(first);
  expect(nextItem(items, null, "ArrowUp")).toBe(last);
  expect(nextItem(items, last, "Home")).toBe(first);
  expect(nextItem(items, first, "End")).toBe(last);
  expect(nextItem(items, first, "x")).toBeUndefined();
});
