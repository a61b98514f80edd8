import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { FieldPage } from "./field";
import { FinishPart } from "./field-finish";

beforeEach(() => {
  document.body.innerHTML = '<div id="r"><dialog data-finish-part><p data-finish-none></p><p data-finish-some></p><ul data-finish-list></ul><p data-finish-wait></p><form data-finish-form><button data-finish-yes></button></form></dialog></div>';
  vi.spyOn(HTMLDialogElement.prototype, "showModal").mockImplementation(() => undefined);
});
afterEach(() => { vi.restoreAllMocks(); });
const page = (): FieldPage => ({
  root: document.getElementById("r"), state: { notMet: () => [] }, sender: { kick: async () => undefined }, chip: { words: () => "还有{n}项" },
}) as unknown as FieldPage;
const submit = (): boolean => (document.querySelector("form") as HTMLFormElement).dispatchEvent(new Event("submit", { cancelable: true }));

test("nothing is finished while something is only on the phone", () => {
  const part = new FinishPart(page());
  part.left(2);
  expect([document.querySelector("[data-finish-wait]")?.textContent, submit()]).toEqual(["还有2项", false]);
  part.left(0);
  expect([submit(), (document.querySelector("button") as HTMLButtonElement).disabled]).toEqual([true, true]);
});

test("without problems it says so", () => {
  new FinishPart(page()).show();
  const hidden = ["none", "some"].map((name) => (document.querySelector(`[data-finish-${name}]`) as HTMLElement).hidden);
  expect(hidden).toEqual([false, true]);
});
