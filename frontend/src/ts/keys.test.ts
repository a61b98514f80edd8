import { beforeAll, beforeEach, expect, test } from "vitest";
import { start } from "./keys";

beforeAll(() => {
  Element.prototype.getClientRects = () => [{}] as unknown as DOMRectList; // happy-dom lays nothing out
  start();
});
beforeEach(() => {
  delete document.documentElement.dataset["keys"];
  document.body.innerHTML = `
    <input data-find><input data-list-search>
    <button data-keys-switch data-turn-on="打开" data-turn-off="关闭" data-on="已打开" data-off="已关闭"></button>
    <table><tr data-row id="r1"><td><input type="checkbox" data-select><a href="#1">一</a></td></tr>
    <tr data-row id="r2"><td><input type="checkbox" data-select><a href="#2">二</a></td></tr></table>
    <button id="edit" data-key="e">改</button>`;
});

function key(name: string, more: KeyboardEventInit = {}, on: Element = document.body): boolean {
  return !on.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more }));
}
const here = (): string[] => [...document.querySelectorAll(".is-here")].map((row) => row.id);

test("J and K move over the rows and stop at the ends", () => {
  key("j");
  expect(here()).toEqual(["r1"]);
  key("j");
  key("j");
  expect(here()).toEqual(["r2"]);
  key("k");
  expect(here()).toEqual(["r1"]);
  expect(document.activeElement?.getAttribute("href")).toBe("#1");
});

test("X selects the marked row", () => {
  key("j");
  key("x");
  expect([...document.querySelectorAll<HTMLInputElement>("[data-select]")].map((box) => box.checked)).toEqual([true, false]);
});

test("a button's data-key is pressed, unless the person types", () => {
  let pressed = 0;
  document.getElementById("edit")?.addEventListener("click", () => (pressed += 1));
  key("e", {}, document.querySelector("[data-list-search]") as Element);
  expect(pressed).toBe(0);
  expect(key("E")).toBe(true);
  expect(pressed).toBe(1);
  key("e", { ctrlKey: true });
  expect(pressed).toBe(1);
});

test("Ctrl K finds and / searches the list", () => {
  expect(key("k", { ctrlKey: true })).toBe(true);
  expect(document.activeElement?.hasAttribute("data-find")).toBe(true);
  expect(key("/")).toBe(true);
  expect(document.activeElement?.hasAttribute("data-list-search")).toBe(true);
});

test("switched off, single keys do nothing but Ctrl K still finds", () => {
  const button = document.querySelector<HTMLElement>("[data-keys-switch]");
  button?.click();
  expect(button?.textContent).toBe("打开");
  key("j");
  expect(here()).toEqual([]);
  expect(key("k", { ctrlKey: true })).toBe(true);
  button?.click();
  key("j");
  expect(here()).toEqual(["r1"]);
});

test("where no rows are, J and K press what stands for them", () => {
  document.body.innerHTML = '<a id="after" data-key="j" href="#after">下一份</a>';
  let pressed = 0;
  document.getElementById("after")?.addEventListener("click", () => (pressed += 1));
  expect(key("j")).toBe(true);
  expect(key("k")).toBe(false);
  expect(pressed).toBe(1);
});
