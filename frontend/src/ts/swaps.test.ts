import { beforeAll, beforeEach, expect, test } from "vitest";
import { start } from "./swaps";

beforeAll(start);
beforeEach(() => {
  document.body.innerHTML = '<div id="part"><input id="q" type="text" value="市场"></div><div id="cw-toasts" data-failed="没有连上" data-gone="没有办成" data-close-label="关闭"></div>';
});

const part = (): HTMLElement => document.getElementById("part") as HTMLElement;
const send = (name: string, detail: unknown = {}): boolean => part().dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
const note = (): string | undefined => document.querySelector("[data-request-note]")?.firstElementChild?.textContent ?? undefined;

test("the field that had the focus has it again after the swap", () => {
  document.getElementById("q")?.focus();
  send("htmx:beforeSwap");
  part().innerHTML = '<input id="q" type="text" value="市场">';
  send("htmx:afterSettle");
  expect(document.activeElement?.id).toBe("q");
});

test("a part may ask for the focus", () => {
  part().innerHTML = '<div tabindex="-1" data-focus id="errors"></div>';
  send("htmx:afterSettle");
  expect(document.activeElement?.id).toBe("errors");
});

test("a failed request is told in words until the next success", () => {
  send("htmx:sendError");
  expect(note()).toBe("没有连上");
  send("htmx:afterSettle");
  expect(note()).toBeUndefined();
});

test("a fault of the server is told, a refusal with its own page part is not", () => {
  send("htmx:responseError", { xhr: { status: 422 } });
  expect(note()).toBeUndefined();
  send("htmx:responseError", { xhr: { status: 500 } });
  expect(note()).toBe("没有办成");
});
