import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { start } from "./quotas";

beforeAll(start);
beforeEach(() => { vi.useRealTimers(); }); // all files share one window

test("the sum follows what is typed, without fields that are not drawn", () => {
  document.body.innerHTML = '<table data-quotas><tr><td><input data-quota value="2"><input data-quota value="x"><input data-quota value="9" disabled></td></tr><tfoot><tr><td data-quota-sum>2</td></tr></tfoot></table>';
  const field = document.querySelector("input") as HTMLInputElement;
  field.value = "5";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  expect(document.querySelector("[data-quota-sum]")?.textContent).toBe("5");
});

test("the button of a draw works once", async () => {
  document.body.innerHTML = "<form><button data-once>抽签</button></form>";
  const form = document.querySelector("form") as HTMLFormElement;
  const button = form.querySelector("button") as HTMLButtonElement;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.dispatchEvent(Object.assign(new Event("submit", { bubbles: true, cancelable: true }), { submitter: button }));
  expect(button.disabled).toBe(false);
  await new Promise((resolve) => setTimeout(resolve));
  expect(button.disabled).toBe(true);
});
