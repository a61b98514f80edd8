// Keys pressed faster than the review answers wait and are pressed in order: a person who knows the next four rows
// need not look whether the first has gone. An answer that failed, a dialog or an open field ends the waiting.

import { isPageKey } from "./keys";

const MOST = 8; // more than these were not meant row by row
const SETTLED_MS = 40; // htmx settles an answer 20 ms after it has come; then the next row is the marked one

const waiting: string[] = [];
const underWay = new Set<XMLHttpRequest>();
let settling = false;

interface Asked {
  requestConfig?: { path?: string };
  xhr?: XMLHttpRequest;
}

/** Whether the page waits for the answer to something that was done at a row. */
export const isUnderWay = (): boolean => underWay.size > 0;

/** What a person does at a row; who else is here is asked all the time and holds nothing up. */
const isAct = (asked: Asked): boolean => asked.requestConfig?.path !== document.querySelector<HTMLElement>("[data-review]")?.dataset["presence"];

/** The end is heard from the request itself: htmx tells it at the row, which may be drawn anew by then. */
function begin(event: Event): void {
  const asked = (event as CustomEvent<Asked>).detail;
  const { xhr } = asked;
  if (!xhr || !isAct(asked)) return;
  underWay.add(xhr);
  xhr.addEventListener("loadend", () => end(xhr), { once: true });
}

function end(xhr: XMLHttpRequest): void {
  underWay.delete(xhr);
  if (xhr.status < 200 || xhr.status >= 400) waiting.length = 0;
  settling = true;
  setTimeout(settled, SETTLED_MS);
}

function settled(): void {
  settling = false;
  pressNext();
}

function pressNext(): void {
  if (isUnderWay() || settling || !waiting.length) return;
  const at = document.activeElement ?? document.body;
  const key = new KeyboardEvent("keydown", { key: waiting.shift() ?? "", bubbles: true, cancelable: true });
  at.dispatchEvent(key);
  if (document.querySelector("dialog[open]")) waiting.length = 0;
  if (!isUnderWay()) setTimeout(pressNext);
}

function hold(event: KeyboardEvent): void {
  if (!(isUnderWay() || settling) || event.defaultPrevented || !isPageKey(event)) return;
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
  document.addEventListener("htmx:beforeSend", begin);
}
