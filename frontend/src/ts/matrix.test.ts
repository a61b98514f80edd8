import { beforeAll, beforeEach, expect, test, vi } from "vitest";

const ajax = vi.hoisted(() => vi.fn(async () => undefined));
vi.mock("htmx.org", () => ({ default: { ajax } }));
const { grid, nextToFix, start, target } = await import("./matrix");

const cell = (id: string): HTMLElement => document.getElementById(id) as HTMLElement;
const row = (n: number, head = ""): string =>
  `<tr><th class="${head}">条目${n}</th>${["a", "b"].map((unit) => `<td tabindex="-1" id="${unit}${n}" data-url="/c/${unit}${n}/" data-name="条目${n}，${unit}"></td>`).join("")}</tr>`;

beforeAll(() => start());
beforeEach(() => {
  ajax.mockClear();
  document.body.innerHTML = `<table data-matrix data-lead="牵头" data-cooperate="配合" data-clear="清除"><thead><tr><th></th><th data-unit>甲</th><th data-unit>乙</th></tr></thead>
    <tbody>${row(1)}<tr><th colspan="3">部分</th></tr>${row(2, "is-gap")}${row(3, "is-overlap")}</tbody></table>`;
});
const rows = (): HTMLElement[][] => grid(document.querySelector("table") as Element);
const key = (on: HTMLElement, name: string): void => {
  on.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
};

test("arrow keys pass over rows without cells and stop at the edge", () => {
  expect(target(rows(), cell("a1"), "ArrowDown")).toBe(cell("a2"));
  expect(target(rows(), cell("a2"), "ArrowUp")).toBe(cell("a1"));
  expect(target(rows(), cell("a1"), "ArrowRight")).toBe(cell("b1"));
  expect(target(rows(), cell("b1"), "ArrowRight")).toBeUndefined();
  expect(target(rows(), cell("b3"), "ArrowDown")).toBeUndefined();
  expect(target(rows(), cell("b3"), "Home")).toBe(cell("a3"));
  expect(target(rows(), cell("a3"), "End")).toBe(cell("b3"));
});

test("N leads to the next gap or overlap and round to the first", () => {
  expect(nextToFix(rows(), cell("b1"))).toBe(cell("a2"));
  expect(nextToFix(rows(), cell("a2"))).toBe(cell("a3"));
  expect(nextToFix(rows(), cell("a3"))).toBe(cell("a2"));
});

test("one cell is in the tab order; focus marks its row and column", () => {
  key(cell("a1"), "ArrowRight");
  expect(document.activeElement).toBe(cell("b1"));
  expect([...document.querySelectorAll('[tabindex="0"]')]).toEqual([cell("b1")]);
  expect(cell("b3").classList.contains("is-here")).toBe(true);
  expect(cell("a3").classList.contains("is-here")).toBe(false);
  expect([...document.querySelectorAll("thead .is-here")].map((one) => one.textContent)).toEqual(["乙"]);
});

test.each([["1", "lead"], ["2", "cooperate"], ["0", ""]])("%s sends the role %s", (name, role) => {
  key(cell("b2"), name);
  expect(ajax).toHaveBeenCalledWith("post", "/c/b2/", { target: cell("b2"), source: cell("b2"), swap: "outerHTML", values: { role } });
});

test("other keys send nothing", () => {
  key(cell("b2"), "3");
  expect(ajax).not.toHaveBeenCalled();
});
