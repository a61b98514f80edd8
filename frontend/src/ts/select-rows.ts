// Row boxes and the bar that acts on them: the page first, then all that the filter matches.

import { announce } from "./announce";

const table = (): Element | null => document.querySelector("[data-select-rows]");
const bar = (): HTMLElement | null => document.querySelector<HTMLElement>("[data-bulk]");
const boxes = (): HTMLInputElement[] => [...(table()?.querySelectorAll<HTMLInputElement>("[data-select]") ?? [])];
let lastBox: HTMLInputElement | undefined;

const allField = (): HTMLInputElement | null => document.querySelector<HTMLInputElement>("[data-bulk-all-field]");

/** Draws rows, head box and bar from the boxes' state. */
export function refresh(): void {
  const all = boxes();
  const chosen = all.filter((box) => box.checked);
  for (const box of all) box.closest("tr, [data-row]")?.classList.toggle("is-selected", box.checked);
  const head = table()?.querySelector<HTMLInputElement>("[data-select-all]");
  if (head) {
    head.checked = all.length > 0 && chosen.length === all.length;
    head.indeterminate = chosen.length > 0 && chosen.length < all.length;
  }
  const place = bar();
  if (!place) return;
  place.hidden = chosen.length === 0;
  const everything = Boolean(allField()?.value);
  const words = place.querySelector<HTMLElement>("[data-bulk-words]");
  if (words) words.textContent = everything ? (words.dataset["all"] ?? "") : (words.dataset["one"] ?? "").replace("{n}", String(chosen.length));
  const more = place.querySelector<HTMLElement>("[data-bulk-all]");
  if (more) more.hidden = everything || Number(place.dataset["total"] ?? 0) <= chosen.length;
}

/** Sets every box of the page. */
export function setPage(checked: boolean): void {
  for (const box of boxes()) box.checked = checked;
  setEverything(false);
  refresh();
}

/** Chooses all that the filter matches, also rows that are not on this page. */
export function setEverything(on: boolean): void {
  const field = allField();
  if (field) field.value = on ? "1" : "";
  if (on) for (const box of boxes()) box.checked = true;
  refresh();
}

function rangeTo(box: HTMLInputElement): void {
  const all = boxes();
  const [from, to] = [all.indexOf(lastBox ?? box), all.indexOf(box)].sort((a, b) => a - b) as [number, number];
  if (from >= 0) for (const one of all.slice(from, to + 1)) one.checked = box.checked;
}

export function start(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const box = target.closest<HTMLInputElement>("[data-select]");
    if (box) {
      if (event.shiftKey && lastBox) rangeTo(box);
      lastBox = box;
      setEverything(false);
    } else if (target.closest("[data-select-all]")) {
      setPage((target as HTMLInputElement).checked);
    } else if (target.closest("[data-bulk-all]")) {
      setEverything(true);
      announce(document.querySelector("[data-bulk-words]")?.textContent ?? "");
    } else if (target.closest("[data-bulk-none]")) {
      setPage(false);
    }
  });
  document.addEventListener("htmx:afterSettle", refresh);
  window.addEventListener("pageshow", refresh); // the browser restores boxes when one comes back
  refresh();
}
