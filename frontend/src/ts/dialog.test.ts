import { beforeAll, expect, test } from "vitest";
import { start } from "./dialog";

beforeAll(start);

test("data-dialog opens the named dialog, data-dialog-close closes it", () => {
  document.body.innerHTML = '<button data-dialog="d">开</button><dialog id="d"><button data-dialog-close>关</button></dialog>';
  const dialog = document.getElementById("d") as HTMLDialogElement;
  document.querySelector<HTMLElement>("[data-dialog]")?.click();
  expect(dialog.open).toBe(true);
  document.querySelector<HTMLElement>("[data-dialog-close]")?.click();
  expect(dialog.open).toBe(false);
});
