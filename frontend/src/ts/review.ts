// The review of a document: a row of the table and its passage in the text are one thing seen twice.
// Marks follow the rows (which one is current, how it was decided); selected text goes into the form
// that marks a directive by hand; where I am is told, so that others see it.

import htmx from "htmx.org";
import { announce } from "./announce";
import { isUnderWay } from "./key-queue";

const TELL_EVERY_MS = 15_000;
const TELL_TOGETHER_MS = 4_000; // while somebody else is at the same document
const EDGE = 48; // the sticky head of the table, and some air below
const STATES = ["accepted", "dropped"];

const page = (): HTMLElement | null => document.querySelector<HTMLElement>("[data-review]");
const rowOf = (key: string): HTMLElement | null => document.getElementById(`c${key}`);
const current = (): HTMLElement | null => document.querySelector<HTMLElement>("[data-candidate].is-here");

/** Scrolls `element` into its pane; the page itself only where the pane does not scroll. */
function reveal(element: Element | null | undefined): void {
  const pane = element?.closest<HTMLElement>(".cw-pane");
  if (!element || !pane) return;
  if (pane.scrollHeight <= pane.clientHeight) return element.scrollIntoView?.({ block: "nearest" });
  const box = element.getBoundingClientRect();
  const frame = pane.getBoundingClientRect();
  if (box.top >= frame.top + EDGE && box.bottom <= frame.bottom - EDGE) return;
  const room = Math.max(EDGE, Math.min(frame.height / 3, frame.height - box.height - EDGE)); // a tall panel is shown whole
  pane.scrollTop += box.top - frame.top - room;
}

const scrolls = (element: Element): boolean => {
  const pane = element.closest<HTMLElement>(".cw-pane");
  return Boolean(pane && pane.scrollHeight > pane.clientHeight);
};

/** Marks look as their rows say. */
export function dressMarks(): void {
  const here = current()?.dataset["candidate"];
  for (const mark of document.querySelectorAll<HTMLElement>("[data-mark]")) {
    const key = mark.dataset["mark"] ?? "";
    const state = rowOf(key)?.dataset["state"];
    if (state) for (const one of STATES) mark.classList.toggle(`cw-mark--${one}`, one === state);
    mark.classList.toggle("cw-mark--now", key === here);
  }
}

let lastHere = ""; // a row that is drawn anew meanwhile does not know that one stands on it

/** Makes a row the current one; `focus`: also for the keyboard. */
export function goTo(key: string, focus = true, still = false): void {
  const row = rowOf(key);
  if (!row) return;
  if (row !== current()) current()?.classList.remove("is-here");
  row.classList.add("is-here");
  lastHere = key;
  if (focus && !row.contains(document.activeElement)) row.querySelector<HTMLElement>("[data-review-link]")?.focus({ preventScroll: true });
  dressMarks();
  if (still && !scrolls(row)) return; // on a phone the page opens at its head
  reveal(row);
  reveal(document.querySelector(`[data-mark="${CSS.escape(key)}"]`));
}

export function show(what: string): void {
  const split = page();
  if (!split) return;
  split.dataset["shown"] = what;
  for (const tab of document.querySelectorAll<HTMLElement>("[data-review-show]")) tab.setAttribute("aria-selected", String(tab.dataset["reviewShow"] === what));
}

function offsetIn(node: Node, offset: number): number | null {
  const leaf = (node instanceof Element ? node : node.parentElement)?.closest<HTMLElement>("[data-at]");
  if (!leaf) return null;
  const before = node instanceof Text ? node.data.slice(0, offset) : offset ? (leaf.textContent ?? "") : "";
  return Number(leaf.dataset["at"]) + [...before].length; // the server counts characters, not UTF-16 units
}

/** The selected passage as it stands in the text: where it begins, and its words without the numbers of marks. */
export function selectedPassage(selection: Selection | null): { start: number; quote: string } | null {
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const text = document.getElementById("review-text");
  if (!text?.contains(range.commonAncestorContainer)) return null;
  const leaves = [...text.querySelectorAll<HTMLElement>("[data-at]")].filter((leaf) => range.intersectsNode(leaf));
  let quote = "";
  let last: Element | null = null;
  for (const leaf of leaves) {
    const node = leaf.firstChild as Text | null;
    if (!node) continue;
    const from = range.startContainer === node ? range.startOffset : 0;
    const to = range.endContainer === node ? range.endOffset : node.data.length;
    const block = leaf.closest("p, h2, h3");
    quote += (last && block !== last ? "\n" : "") + node.data.slice(from, to);
    last = block;
  }
  const first = leaves[0];
  const start = offsetIn(range.startContainer, range.startOffset) ?? (first ? Number(first.dataset["at"]) : null);
  return start === null || !quote.trim() ? null : { start, quote };
}

function takeSelection(): void {
  const passage = selectedPassage(document.getSelection());
  const form = document.getElementById("review-mark");
  if (!passage || !(form instanceof HTMLFormElement)) return;
  const field = form.elements.namedItem("quote");
  const start = form.elements.namedItem("start");
  if (field instanceof HTMLTextAreaElement) field.value = passage.quote;
  if (start instanceof HTMLInputElement) start.value = String(passage.start);
  form.querySelector("details")?.setAttribute("open", "");
}

/** Where the sentence around `offset` begins and ends in a piece of text; its closing mark belongs to it. */
export function sentenceAround(text: string, offset: number): [number, number] {
  const stops = /[。；！？;!?]/;
  let from = Math.min(offset, text.length);
  let to = from;
  while (from > 0 && !stops.test(text[from - 1] ?? "")) from -= 1;
  while (to < text.length && !stops.test(text[to] ?? "")) to += 1;
  if (to < text.length) to += 1;
  while (from < to && /\s/.test(text[from] ?? "")) from += 1;
  return [from, to];
}

/** One click on plain text selects its sentence, ready to be marked; a second click selects as everywhere. */
function selectSentence(event: MouseEvent): void {
  const selection = document.getSelection();
  const node = selection?.anchorNode;
  if (event.detail > 1 || !selection?.isCollapsed || !(node instanceof Text) || !node.parentElement?.matches("#review-text [data-at]")) return;
  if (!document.getElementById("review-mark")) return;
  const [from, to] = sentenceAround(node.data, selection.anchorOffset);
  if (from < to) selection.setBaseAndExtent(node, from, node, to);
}

/** Puts the passage as it stands into the field that says what is to be done. */
function takeWhole(button: HTMLElement): void {
  const field = document.getElementById(button.dataset["reviewWhole"] ?? "");
  if (!(field instanceof HTMLInputElement)) return;
  field.value = button.dataset["words"] ?? "";
  field.focus();
}

function onAltKey(event: KeyboardEvent): void {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.code !== "KeyW") return;
  const button = current()?.querySelector<HTMLElement>("[data-review-whole]");
  if (!button) return;
  event.preventDefault();
  takeWhole(button);
}

function onClick(event: MouseEvent): void {
  const at = event.target as Element;
  const whole = at.closest<HTMLElement>("[data-review-whole]");
  if (whole) return takeWhole(whole);
  const tab = at.closest<HTMLElement>("[data-review-show]");
  if (tab) return show(tab.dataset["reviewShow"] ?? "table");
  const read = at.closest<HTMLElement>("[data-review-read]");
  if (read) {
    show("text");
    return goTo(read.dataset["reviewRead"] ?? "", false);
  }
  const mark = at.closest<HTMLElement>("[data-mark]");
  if (mark && document.getSelection()?.isCollapsed !== false) {
    show("table");
    return goTo(mark.dataset["mark"] ?? "");
  }
  if (!mark && at.closest("#review-text")) return selectSentence(event);
  const row = at.closest<HTMLElement>("[data-candidate]");
  const link = at.closest("[data-review-link]");
  if (link && !event.ctrlKey && !event.metaKey) event.preventDefault();
  if (row && (link || !at.closest("a, button, input, select, textarea, label"))) goTo(row.dataset["candidate"] ?? "");
}

/** A row that came back with its panel open is shown with all of it. */
function onSettled(event: Event): void {
  const row = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-candidate].is-open") : null;
  if (row?.dataset["candidate"]) goTo(row.dataset["candidate"], false);
  else dressMarks();
}

/** What was marked is a row now: the form waits for the next sentence. */
function onMarked(event: Event): void {
  const form = event.target;
  const done = (event as CustomEvent<{ successful?: boolean }>).detail?.successful;
  if (!done || !(form instanceof HTMLFormElement) || form.id !== "review-mark") return;
  form.reset();
  const start = form.elements.namedItem("start");
  if (start instanceof HTMLInputElement) start.value = "";
  form.querySelector("details")?.removeAttribute("open");
  document.getSelection()?.removeAllRanges();
}

function onAnswer(event: Event): void {
  const told = (event as CustomEvent<{ at?: number | null; say?: string }>).detail;
  if (told.at) goTo(String(told.at));
  else dressMarks();
  if (told.say) announce(told.say);
}

/** What the page shows of each row, so that the server answers with what is newer: "12.1,13.4". */
export function shownRevisions(): string {
  return [...document.querySelectorAll<HTMLElement>("[data-candidate][data-revision]")].map((row) => `${row.dataset["candidate"]}.${row.dataset["revision"]}`).join(",");
}

/** Marks the rows at which somebody else is. */
export function markWatched(): void {
  const watched = new Set([...document.querySelectorAll<HTMLElement>("[data-other]")].map((one) => one.dataset["other"]));
  for (const row of document.querySelectorAll<HTMLElement>("[data-candidate]")) row.classList.toggle("is-watched", watched.has(row.dataset["candidate"]));
}

let sent = ""; // what the page showed when it asked

/** An answer that crosses with an act of one's own is out of date: the next one is asked for soon. */
function dropOutdated(event: Event): void {
  const told = (event as CustomEvent<{ requestConfig?: { path?: string }; shouldSwap?: boolean }>).detail;
  if (told?.requestConfig?.path === page()?.dataset["presence"] && (isUnderWay() || shownRevisions() !== sent)) told.shouldSwap = false;
}

/** A row that somebody else changed is drawn anew; where one stood on it, one stands on it still, and keys go to it. */
function standAgain(): void {
  if (!current()) rowOf(lastHere)?.classList.add("is-here");
}

async function tell(): Promise<void> {
  const address = page()?.dataset["presence"];
  if (address && !document.hidden) {
    const here = current();
    const focused = here?.contains(document.activeElement) ?? false;
    const open = document.querySelector<HTMLElement>("[data-candidate].is-open")?.dataset["candidate"] ?? "";
    sent = shownRevisions();
    const values = { at: here?.dataset["candidate"] ?? "", rows: sent, open };
    try {
      await htmx.ajax("post", address, { target: "#review-presence", swap: "outerHTML", values });
    } finally {
      standAgain();
      markWatched();
      dressMarks();
      if (focused && document.activeElement === document.body) current()?.querySelector<HTMLElement>("[data-review-link]")?.focus({ preventScroll: true });
    }
  }
  setTimeout(() => void tell(), document.querySelector("[data-other]") ? TELL_TOGETHER_MS : TELL_EVERY_MS);
}

export function start(): void {
  if (!page()) return;
  document.addEventListener("click", onClick);
  document.addEventListener("cw:row", (event) => {
    const key = (event.target as HTMLElement).dataset["candidate"];
    if (key) goTo(key, false);
  });
  document.addEventListener("cw:review", onAnswer);
  document.addEventListener("keydown", onAltKey);
  document.addEventListener("htmx:afterSettle", onSettled);
  document.addEventListener("htmx:afterRequest", onMarked);
  document.addEventListener("htmx:beforeSwap", dropOutdated);
  document.addEventListener("htmx:oobAfterSwap", standAgain);
  document.getElementById("review-text")?.addEventListener("mouseup", takeSelection);
  document.addEventListener("selectionchange", takeSelection);
  const here = current()?.dataset["candidate"];
  if (here) goTo(here, false, true);
  markWatched();
  setTimeout(() => void tell(), 1000);
}
