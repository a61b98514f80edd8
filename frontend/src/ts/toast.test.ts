import { afterEach, beforeEach, expect, test, vi } from "vitest";

const ajax = vi.hoisted(() => vi.fn(async () => undefined));
vi.mock("htmx.org", () => ({ default: { ajax } }));
const { showToast, start } = await import("./toast");

afterEach(() => { vi.useRealTimers(); }); // all files share one window
beforeEach(() => {
  ajax.mockClear();
  vi.useFakeTimers();
  document.body.innerHTML = '<div id="cw-toasts" data-undo-label="撤销"></div>';
});

const shown = (): string[] => [...document.querySelectorAll(".cw-toast span")].map((one) => one.textContent ?? "");

test("a toast goes after ten seconds", () => {
  showToast({ text: "已转派3件" });
  vi.advanceTimersByTime(9_999);
  expect(shown()).toEqual(["已转派3件"]);
  vi.advanceTimersByTime(1);
  expect(shown()).toEqual([]);
});

test("the clock stands while the pointer rests on it", () => {
  const box = showToast({ text: "已转派" });
  box?.dispatchEvent(new Event("pointerenter"));
  vi.advanceTimersByTime(60_000);
  expect(shown()).toEqual(["已转派"]);
  box?.dispatchEvent(new Event("pointerleave"));
  vi.advanceTimersByTime(10_000);
  expect(shown()).toEqual([]);
});

test("undo posts to its address and closes the toast", () => {
  showToast({ text: "已舍弃", undo: "/undo/7/" });
  const button = document.querySelector<HTMLElement>(".cw-toast button");
  expect(button?.textContent).toBe("撤销");
  button?.click();
  expect(ajax).toHaveBeenCalledWith("post", "/undo/7/", { source: document.body, swap: "none" });
  expect(shown()).toEqual([]);
});

test("the server's event and a message of the page both become toasts", () => {
  document.body.insertAdjacentHTML("beforeend", '<template data-toast data-undo="/u/">已登记</template>');
  start();
  expect(shown()).toEqual(["已登记"]);
  document.body.dispatchEvent(new CustomEvent("cw:toast", { bubbles: true, detail: { text: "已销号" } }));
  expect(shown()).toEqual(["已登记", "已销号"]);
});
