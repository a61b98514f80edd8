import { beforeAll, beforeEach, expect, test } from "vitest";
import { showState, start } from "./autosave";

beforeAll(start);
beforeEach(() => {
  document.body.innerHTML =
    '<form data-autosaves><input id="f"><span data-autosave data-saving="正在保存" data-saved="已自动保存，{time}" data-failed="还没有存上"></span></form><input id="other">';
});
const place = (): HTMLElement => document.querySelector("[data-autosave]") as HTMLElement;
const send = (id: string, name: string, detail: unknown = {}): void => {
  document.getElementById(id)?.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
};

test("the time of saving stands in place", () => {
  showState(place(), "saved", new Date(2026, 10, 18, 9, 5));
  expect(place().textContent).toBe("已自动保存，09:05");
});

test("a request of the form moves it through its states", () => {
  send("f", "htmx:beforeRequest");
  expect(place().textContent).toBe("正在保存");
  send("f", "htmx:afterRequest", { successful: false });
  expect(place().textContent).toBe("还没有存上");
  send("f", "htmx:afterRequest", { successful: true });
  expect(place().dataset["state"]).toBe("saved");
});

test("requests from elsewhere do not touch it", () => {
  send("other", "htmx:beforeRequest");
  expect(place().textContent).toBe("");
});
