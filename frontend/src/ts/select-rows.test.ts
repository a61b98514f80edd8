import { beforeAll, beforeEach, expect, test } from "vitest";
import { refresh, start } from "./select-rows";

beforeAll(() => {
  document.body.innerHTML = "";
  start();
});
beforeEach(() => {
  document.body.innerHTML = `
    <table data-select-rows><tr><th><input type="checkbox" data-select-all></th></tr>
    ${[1, 2, 3].map((n) => `<tr id="r${n}"><td><input type="checkbox" data-select value="${n}"></td></tr>`).join("")}</table>
    <div data-bulk hidden data-total="42"><span data-bulk-words data-one="已选{n}件" data-all="已选全部42件"></span>
    <button data-bulk-all>改为选全部42件</button><input type="hidden" data-bulk-all-field><button data-bulk-none>取消</button></div>`;
  refresh();
});

const one = <T extends HTMLElement>(selector: string): T => document.querySelector<T>(selector) as T;
const words = (): string => one("[data-bulk-words]").textContent ?? "";

test("the bar appears with the first box and tells the number", () => {
  expect(one("[data-bulk]").hidden).toBe(true);
  one("#r2 input").click();
  expect(one("[data-bulk]").hidden).toBe(false);
  expect(words()).toBe("已选1件");
  expect(one("#r2").classList.contains("is-selected")).toBe(true);
  expect(one<HTMLInputElement>("[data-select-all]").indeterminate).toBe(true);
});

test("the head box takes the page, then all that the filter matches may be taken", () => {
  one("[data-select-all]").click();
  expect(words()).toBe("已选3件");
  one("[data-bulk-all]").click();
  expect(words()).toBe("已选全部42件");
  expect(one<HTMLInputElement>("[data-bulk-all-field]").value).toBe("1");
  expect(one("[data-bulk-all]").hidden).toBe(true);
});

test("one box changed by hand ends the choice of everything", () => {
  one("[data-select-all]").click();
  one("[data-bulk-all]").click();
  one("#r1 input").click();
  expect(one<HTMLInputElement>("[data-bulk-all-field]").value).toBe("");
  expect(words()).toBe("已选2件");
});

test("cancel clears everything and hides the bar", () => {
  one("[data-select-all]").click();
  one("[data-bulk-none]").click();
  expect(document.querySelectorAll("[data-select]:checked").length).toBe(0);
  expect(one("[data-bulk]").hidden).toBe(true);
});

test("shift takes the rows between", () => {
  one("#r1 input").click();
  one("#r3 input").dispatchEvent(new MouseEvent("click", { bubbles: true, shiftKey: true }));
  expect(words()).toBe("已选3件");
});
