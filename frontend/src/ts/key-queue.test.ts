import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { isUnderWay, start } from "./key-queue";

const heard: string[] = [];

function key(name: string, more: KeyboardEventInit = {}): void {
  (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more }));
}
let asked: XMLHttpRequest[] = [];

/** A request goes out; what htmx tells of it. */
function send(path = "/decide/"): void {
  const xhr = Object.assign(new EventTarget(), { status: 0 }) as unknown as XMLHttpRequest;
  asked.push(xhr);
  document.body.dispatchEvent(new CustomEvent("htmx:beforeSend", { bubbles: true, detail: { requestConfig: { path }, xhr } }));
}
/** The oldest request has its answer. */
function come(status = 200): void {
  const xhr = asked.shift();
  Object.assign(xhr!, { status }).dispatchEvent(new Event("loadend"));
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
  asked = [];
});
afterEach(() => void vi.runAllTimers()); // the page is the next file's too: nothing may go on waiting in it

test("keys pressed while an answer is under way are pressed in order when it has come", () => {
  key("x");
  send();
  key("x");
  key("Enter");
  expect(heard).toEqual(["x"]);
  come();
  vi.runAllTimers();
  expect(heard).toEqual(["x", "x", "Enter"]);
});

test("each waits for the answer to the one before", () => {
  const answering = (event: KeyboardEvent): void => void (event.key === "x" && send());
  document.addEventListener("keydown", answering);
  key("x");
  key("x");
  key("x");
  expect(heard).toEqual(["x"]);
  come();
  vi.runAllTimers();
  expect(heard).toEqual(["x", "x"]);
  come();
  vi.runAllTimers();
  expect(heard).toEqual(["x", "x", "x"]);
  document.removeEventListener("keydown", answering);
  come();
  vi.runAllTimers();
});

test("an answer that failed and a field that opened end the waiting", () => {
  send();
  key("x");
  come(422);
  vi.runAllTimers();
  send();
  key("x");
  document.querySelector("input")!.focus();
  come();
  vi.runAllTimers();
  expect(heard).toEqual([]);
});

test("who else is here holds nothing up, and a key held down counts once", () => {
  send("/presence/");
  key("x");
  send();
  key("z");
  key("z", { repeat: true });
  expect(heard).toEqual(["x"]);
  asked.shift(); // the look's own answer is of no account
  come();
  vi.runAllTimers();
  expect(heard).toEqual(["x", "z"]);
});

test("Enter on a button and keys in an open dialog are not the review's, and do what they do while an answer is under way", () => {
  send();
  document.getElementById("issue")!.focus();
  key("Enter");
  expect(heard).toEqual(["Enter"]);
  document.body.insertAdjacentHTML("beforeend", "<dialog open></dialog>");
  key("n");
  expect(heard).toEqual(["Enter", "n"]);
  document.querySelector("dialog")!.remove();
  come();
  vi.runAllTimers();
  expect(heard).toEqual(["Enter", "n"]);
});

test("a key pressed before the answer has settled waits until its row is the marked one", () => {
  send();
  come();
  key("x");
  expect(heard).toEqual([]);
  vi.runAllTimers();
  expect(heard).toEqual(["x"]);
});

test("the end is heard though the row that asked has been drawn anew", () => {
  send();
  come(); // nothing is told to the document
  expect(isUnderWay()).toBe(false);
});
