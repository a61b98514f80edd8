// Keys of ui.md: Ctrl K find, / search in the list, J K move, Enter, X, E, Z, ?, Esc.
// A page says what a key means with data-key="e" on the button or link it stands for; rows carry data-row.

import { announce } from "./announce";
import { isTyping } from "./typing";

const YEAR_S = 31_536_000;

export function singleKeysOn(): boolean {
  return document.documentElement.dataset["keys"] !== "off"; // the server draws it from the cookie
}

export function start(): void {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-keys-switch]");
    if (button) switchKeys(button);
  });
  for (const button of document.querySelectorAll<HTMLElement>("[data-keys-switch]")) showSwitch(button);
}

function showSwitch(button: HTMLElement): void {
  button.textContent = (singleKeysOn() ? button.dataset["turnOff"] : button.dataset["turnOn"]) ?? "";
}

function switchKeys(button: HTMLElement): void {
  const choice = singleKeysOn() ? "off" : "on";
  document.documentElement.dataset["keys"] = choice;
  document.cookie = `cw_keys=${choice}; path=/; max-age=${YEAR_S}; samesite=lax`;
  showSwitch(button);
  announce((singleKeysOn() ? button.dataset["on"] : button.dataset["off"]) ?? "");
}

const visible = (element: HTMLElement): boolean => element.getClientRects().length > 0 && !element.closest("[hidden]");
const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-row]")].filter(visible);
const currentRow = (): HTMLElement | null => document.querySelector<HTMLElement>("[data-row].is-here");

/** Moves the mark by `step` rows and the focus with it; says nothing itself, the focused link is read. */
export function moveRow(step: number): boolean {
  const all = rows();
  if (!all.length) return false;
  const at = all.findIndex((row) => row.classList.contains("is-here"));
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step))];
  currentRow()?.classList.remove("is-here");
  next?.classList.add("is-here");
  next?.scrollIntoView?.({ block: "nearest" });
  (next?.querySelector<HTMLElement>("a[href], button") ?? next)?.focus({ preventScroll: true });
  next?.dispatchEvent(new CustomEvent("cw:row", { bubbles: true }));
  return true;
}

/** Presses what stands for `key`: in the marked row first, then anywhere in the page. */
export function press(key: string): boolean {
  const wanted = `[data-key="${CSS.escape(key)}"]`;
  const inRow = currentRow()?.querySelector<HTMLElement>(wanted);
  const found = inRow ?? [...document.querySelectorAll<HTMLElement>(wanted)].find((one) => !one.closest("[data-row]") && visible(one));
  found?.click();
  return Boolean(found);
}

function openRow(): boolean {
  if (press("enter")) return true;
  const address = currentRow()?.dataset["url"];
  if (address) location.assign(address);
  return Boolean(address);
}

function toggleRow(): boolean {
  if (press("x")) return true;
  const box = currentRow()?.querySelector<HTMLInputElement>("[data-select]");
  box?.click();
  return Boolean(box);
}

function focusOn(selector: string): boolean {
  const field = [...document.querySelectorAll<HTMLInputElement>(selector)].find(visible);
  field?.focus();
  field?.select?.();
  return Boolean(field);
}

function help(): boolean {
  const dialog = document.getElementById("cw-keys-help");
  if (!(dialog instanceof HTMLDialogElement) || dialog.open) return false;
  dialog.showModal();
  return true;
}

const ACTS: Record<string, () => boolean> = {
  "/": () => focusOn("[data-list-search]"),
  j: () => moveRow(1) || press("j"), // where no rows are: the page after
  k: () => moveRow(-1) || press("k"),
  x: toggleRow,
  "?": help,
};

function escape(event: KeyboardEvent): boolean {
  if (document.querySelector("dialog[open]") || document.querySelector(":popover-open")) return false; // the browser closes those
  if (isTyping(event)) (event.target as HTMLElement).blur();
  return press("escape");
}

/** Whether a key pressed alone is the page's: nobody writes, no dialog is open, and no control has its own use for it. */
export function isPageKey(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return false;
  const at = event.target as Element;
  if (!singleKeysOn() || document.querySelector("dialog[open]") || at.closest?.("[role=grid], .cw-menu")) return false;
  if (event.key !== "Enter") return event.key.length === 1 && event.key !== " ";
  const onControl = at.closest?.("a, button, summary, input, label");
  return !onControl || Boolean(onControl.closest("[data-row].is-here"));
}

export function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if ((event.ctrlKey || event.metaKey) && key === "k" && focusOn("[data-find]")) return event.preventDefault();
  if (key === "Escape" && escape(event)) return event.preventDefault();
  if (!isPageKey(event)) return;
  if (key === "Enter") {
    if (currentRow() && openRow()) event.preventDefault();
  } else if ((ACTS[key] ?? (() => press(key)))()) event.preventDefault();
}
