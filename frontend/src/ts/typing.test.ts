import { expect, test } from "vitest";
import { isTyping } from "./typing";

function keyOn(html: string, more: KeyboardEventInit = {}): boolean {
  document.body.innerHTML = html;
  let typing = false;
  document.body.addEventListener("keydown", (event) => (typing = isTyping(event)), { once: true });
  document.body.firstElementChild?.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true, ...more }));
  return typing;
}

test.each([
  ['<input type="search">', true],
  ["<textarea></textarea>", true],
  ["<select></select>", true],
  ['<div contenteditable="true"></div>', true],
  ['<input type="checkbox">', false],
  ["<button></button>", false],
  ["<td></td>", false],
])("%s counts as typing: %s", (html, expected) => expect(keyOn(html)).toBe(expected));

test("an input method at work counts as typing anywhere", () => {
  expect(keyOn("<button></button>", { isComposing: true })).toBe(true);
  expect(keyOn("<button></button>", { key: "Process" })).toBe(true);
});
