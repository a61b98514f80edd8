// Keys pressed faster than the review answers wait and are pressed in order: a person who knows the next four rows
// need not look whether the first has gone. An answer that failed, a dialog or an open field ends the waiting.

import { isPageKey } from "./keys";

const MOST = 8; // more than these were not meant row by row
const SETTLED_MS = 40; // htmx settles an answer 20 ms after it has come; then the next row is the marked one

const waiting: string[] = [];
let underWay = 0;

/** What a person does at a row; who else is here is asked all the time and holds nothing up. */
function isAct(event: Event): boolean {
  const path = (event as CustomEvent<{ requestConfig?: { path?: string } }>).detail?.requestConfig?.path;
  return path !== document.querySelector<HTMLElement>("[data-review]")?.dataset["presence"];
}

function begin(event: Event): void {
  if (isAct(event)) underWay += 1;
}

function end(event: Event): void {
  if (!isAct(event)) return;
  underWay = Math.max(0, underWay - 1);
  if (!(event as CustomEvent<{ successful?: boolean }>).detail?.successful) waiting.length = 0;
  setTimeout(pressNext, SETTLED_MS);
}

function pressNext(): void {
  if (underWay || !waiting.length) return;
  const at = document.activeElement ?? document.body;
  const key = new KeyboardEvent("keydown", { key: waiting.shift() ?? "", bubbles: true, cancelable: true });
  at.dispatchEvent(key);
  if (document.querySelector("dialog[open]")) waiting.length = 0;
  if (!underWay) setTimeout(pressNext);
}

function hold(event: KeyboardEvent): void {
  if (!underWay || event.defaultPrevented || !isPageKey(event)) return;
  event.preventDefault();
  event.stopPropagation();
  if (!event.repeat && waiting.length < MOST) waiting.push(event.key);
}

/** What was typed into a field that an answer opened was meant for the field, not for rows. */
function forget(event: FocusEvent): void {
  if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) waiting.length = 0;
}

export function start(): void {
  if (!document.querySelector("[data-review]")) return;
  document.addEventListener("keydown", hold, true);
  document.addEventListener("focusin", forget);
  document.addEventListener("htmx:beforeRequest", begin);
  document.addEventListener("htmx:afterRequest", end);
}
