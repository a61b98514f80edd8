import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { start } from "./key-queue";

const heard: string[] = [];

function key(name: string, more: KeyboardEventInit = {}): void {
  (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more }));
}
function act(what: "beforeRequest" | "afterRequest", detail: object = {}): void {
  document.body.dispatchEvent(new CustomEvent(`htmx:${what}`, { bubbles: true, detail: { requestConfig: { path: "/decide/" }, successful: true, ...detail } }));
}

beforeAll(() => {
  document.body.innerHTML = `<div data-review data-presence="/presence/"><input><button id="issue"></button></div>`;
  start();
  document.addEventListener("keydown", (event) => void heard.push(event.key));
});
beforeEach(() => {
  vi.useFakeTimers();
  (document.activeElement as HTMLElement | null)?.blur?.();
  heard.length = 0;
});

test("keys pressed while an answer is under way are pressed in order when it has come", () => {
  key("x");
  act("beforeRequest");
  key("x");
  key("Enter");
  expect(heard).toEqual(["x"]);
  act("afterRequest");
  vi.runAllTimers();
  expect(heard).toEqual(["x", "x", "Enter"]);
});

test("each waits for the answer to the one before", () => {
  const answering = (event: KeyboardEvent): void => void (event.key === "x" && act("beforeRequest"));
  document.addEventListener("keydown", answering);
  key("x");
  key("x");
  key("x");
  expect(heard).toEqual(["x"]);
  act("afterRequest");
  vi.runAllTimers();
  expect(heard).toEqual(["x", "x"]);
  act("afterRequest");
  vi.runAllTimers();
  expect(heard).toEqual(["x", "x", "x"]);
  document.removeEventListener("keydown", answering);
  act("afterRequest");
  vi.runAllTimers();
});

test("an answer that failed and a field that opened end the waiting", () => {
  act("beforeRequest");
  key("x");
  act("afterRequest", { successful: false });
  vi.runAllTimers();
  act("beforeRequest");
  key("x");
  document.querySelector("input")!.focus();
  act("afterRequest");
  vi.runAllTimers();
  expect(heard).toEqual([]);
});

test("who else is here holds nothing up, and a key held down counts once", () => {
  act("beforeRequest", { requestConfig: { path: "/presence/" } });
  key("x");
  act("beforeRequest");
  key("z");
  key("z", { repeat: true });
  expect(heard).toEqual(["x"]);
  act("afterRequest");
  vi.runAllTimers();
  expect(heard).toEqual(["x", "z"]);
});

test("Enter on a button and keys in an open dialog are not the review's, and do what they do while an answer is under way", () => {
  act("beforeRequest");
  document.getElementById("issue")!.focus();
  key("Enter");
  expect(heard).toEqual(["Enter"]);
  document.body.insertAdjacentHTML("beforeend", "<dialog open></dialog>");
  key("n");
  expect(heard).toEqual(["Enter", "n"]);
  document.querySelector("dialog")!.remove();
  act("afterRequest");
  vi.runAllTimers();
  expect(heard).toEqual(["Enter", "n"]);
});
