import { expect, test, vi } from "vitest";
import { announce } from "./announce";

test("announce fills the live region a moment later", () => {
  vi.useFakeTimers();
  document.body.innerHTML = '<div id="cw-live">旧</div>';
  announce("已复制");
  expect(document.getElementById("cw-live")?.textContent).toBe("");
  vi.advanceTimersByTime(60);
  expect(document.getElementById("cw-live")?.textContent).toBe("已复制");
  vi.useRealTimers();
});
