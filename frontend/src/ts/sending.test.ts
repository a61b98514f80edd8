import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { start } from "./sending";

start();
let went: number;
beforeEach(() => {
  vi.useFakeTimers();
  went = 0;
  document.body.innerHTML = '<form method="post"><button>下发</button></form><form method="get"><button>查找</button></form>';
});
afterEach(() => vi.useRealTimers());

const form = (method: string): HTMLFormElement => document.querySelector(`form[method=${method}]`) as HTMLFormElement;
const button = (): HTMLButtonElement => form("post").querySelector("button") as HTMLButtonElement;

function press(method = "post"): void {
  const event = new SubmitEvent("submit", { bubbles: true, cancelable: true, submitter: form(method).querySelector("button") });
  if (form(method).dispatchEvent(event)) went += 1;
}

test("a second press while the first is under way does nothing", () => {
  press();
  press();
  expect([went, button().getAttribute("aria-busy")]).toEqual([1, "true"]);
});

test("a search may be sent as often as one likes", () => {
  press("get");
  press("get");
  expect(went).toBe(2);
});

test("what another part of the page sends itself is left alone", () => {
  const stop = (event: Event): void => event.preventDefault();
  form("post").addEventListener("submit", stop);
  press();
  form("post").removeEventListener("submit", stop);
  press();
  expect([went, button().getAttribute("aria-busy")]).toEqual([1, "true"]);
});

test("after an answer that was a file the button works again, and so it does on the page that the arrow shows", () => {
  press();
  vi.advanceTimersByTime(8_000);
  press();
  window.dispatchEvent(new Event("pageshow"));
  expect(button().hasAttribute("aria-busy")).toBe(false);
  press();
  expect(went).toBe(3);
});
