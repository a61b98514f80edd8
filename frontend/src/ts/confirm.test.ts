import { beforeAll, beforeEach, expect, test } from "vitest";
import { start } from "./confirm";
import { start as startDialogs } from "./dialog";

let pressed = 0;

beforeAll(() => {
  start();
  startDialogs();
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("#send")) pressed += 1;
  });
});
beforeEach(() => {
  pressed = 0;
  document.body.innerHTML =
    '<button id="send" type="button" data-confirm="d">签发黄单</button>' +
    '<dialog id="d" class="cw-dialog"><button data-confirm-yes>签发黄单</button><button data-dialog-close>取消</button></dialog>';
});

const click = (selector: string): void => document.querySelector<HTMLElement>(selector)?.click();
const dialog = (): HTMLDialogElement => document.getElementById("d") as HTMLDialogElement;

test("the act waits for the named button", () => {
  click("#send");
  expect([pressed, dialog().open]).toEqual([0, true]);
  click("[data-confirm-yes]");
  expect([pressed, dialog().open]).toEqual([1, false]);
});

test("cancelled means not done, and the next press asks again", () => {
  click("#send");
  click("[data-dialog-close]");
  expect([pressed, dialog().open]).toEqual([0, false]);
  click("#send");
  expect([pressed, dialog().open]).toEqual([0, true]);
});
