// The breakdown as a grid: arrow keys move, 1 lead, 2 cooperate, 0 clear, N next gap, Z undo; every cell saves itself.
// <table role="grid" data-matrix data-url="/…/" data-split-url="/…/" data-menu="id" data-lead="…" data-cooperate="…" data-clear="…">
// holds rows <tr data-node="12" data-hint="…"> of bare cells and heads <th data-unit="7">: which criterion and unit
// a cell stands for follows from its row and column, since ten thousand cells cannot carry their address each.
// A post sends node, unit, share, was and cut; the server answers with the new <td data-before="what stood there">
// and, out of band, with what else changed. Without data-url the grid is read only; Enter opens a cell's link.

import htmx from "htmx.org";
import { announce } from "./announce";
import { singleKeysOn } from "./keys";
import { place } from "./menu";

const SHARES: Record<string, string> = { "1": "lead", "2": "cooperate", "0": "" };
const ROWS = "tr[data-node]";
const CELLS = `[data-matrix] ${ROWS} > td:not([data-sum])`;

interface Change { node: string; unit: string; before: string }
let done: Change[] = [];

const rowOf = (cell: Element): HTMLTableRowElement => cell.parentElement as HTMLTableRowElement;
const across = (cell: Element): number => (cell as HTMLTableCellElement).cellIndex;
const rowsOf = (table: Element): HTMLTableRowElement[] => [...table.querySelectorAll<HTMLTableRowElement>(ROWS)];
const headsOf = (table: Element): HTMLElement[] => [...table.querySelectorAll<HTMLElement>("thead th[data-unit]")];
const cellsOf = (row: HTMLTableRowElement): HTMLElement[] => [...row.cells].filter((one) => one.matches("td:not([data-sum])"));

/** The head of the column that a cell stands in. */
export function headOf(table: Element, cell: HTMLElement): HTMLElement | undefined {
  return headsOf(table)[cellsOf(rowOf(cell)).indexOf(cell)];
}

/** Where a key leads from a cell; undefined for other keys and at the edge. */
export function target(table: Element, cell: HTMLElement, key: string): HTMLElement | undefined {
  const rows = rowsOf(table);
  const row = rowOf(cell);
  const at = (other: HTMLTableRowElement | undefined): HTMLElement | undefined => other?.cells[across(cell)];
  const cells = cellsOf(row);
  const down = rows.indexOf(row);
  switch (key) {
    case "ArrowUp": return at(rows[down - 1]);
    case "ArrowDown": return at(rows[down + 1]);
    case "ArrowLeft": return cells[cells.indexOf(cell) - 1];
    case "ArrowRight": return cells[cells.indexOf(cell) + 1];
    case "Home": return cells[0];
    case "End": return cells[cells.length - 1];
    case "PageUp": return at(rows[Math.max(0, down - 10)]);
    case "PageDown": return at(rows[Math.min(rows.length - 1, down + 10)]);
    default: return undefined;
  }
}

/** The first cell of the next row that has a gap or an overlap, from the top again after the last. */
export function nextToFix(table: Element, cell: HTMLElement): HTMLElement | undefined {
  const rows = rowsOf(table);
  const down = rows.indexOf(rowOf(cell));
  const order = [...rows.slice(down + 1), ...rows.slice(0, down + 1)];
  const row = order.find((one) => one.querySelector("th.is-gap, th.is-overlap"));
  return row && cellsOf(row)[0];
}

/** Marks the row and the column of a cell. */
function mark(table: HTMLElement, cell: HTMLElement): void {
  for (const one of table.querySelectorAll(".is-here")) one.classList.remove("is-here");
  rowOf(cell).classList.add("is-here");
  for (const row of rowsOf(table)) row.cells[across(cell)]?.classList.add("is-here");
  headOf(table, cell)?.classList.add("is-here");
}

export function moveTo(table: HTMLElement, cell: HTMLElement): void {
  for (const one of table.querySelectorAll<HTMLElement>('td[tabindex="0"]')) one.tabIndex = -1;
  cell.tabIndex = 0;
  cell.focus({ preventScroll: true });
  cell.scrollIntoView?.({ block: "nearest", inline: "nearest" });
}

function nameOf(table: Element, cell: HTMLElement): string {
  const criterion = rowOf(cell).querySelector(".cw-matrix__title")?.textContent?.trim() ?? "";
  return [criterion, headOf(table, cell)?.textContent?.trim()].filter(Boolean).join(", ");
}

/** Saves a cell; the answer replaces it and keeps what stood there for undo. */
export async function setShare(table: HTMLElement, cell: HTMLElement, share: string, undoing = false): Promise<void> {
  const url = table.dataset["url"];
  const head = headOf(table, cell);
  if (!url || !head) return;
  const row = rowOf(cell);
  const column = across(cell);
  announce(`${nameOf(table, cell)} ${table.dataset[share || "clear"] ?? ""}`);
  const values = {
    node: row.dataset["node"] ?? "",
    unit: head.dataset["unit"] ?? "",
    share,
    was: cell.dataset["share"] ?? "",
    ...(cell.classList.contains("is-cut") ? { cut: "1" } : {}),
  };
  await htmx.ajax("post", url, { target: cell, source: cell, swap: "outerHTML", values });
  const saved = row.cells[column];
  if (!saved) return;
  if (saved !== cell && !undoing) done.push({ node: values.node, unit: values.unit, before: saved.dataset["before"] ?? "" });
  showUndo();
  moveTo(table, saved);
}

/** Takes the last change back. */
export async function undo(table: HTMLElement): Promise<void> {
  const last = done.pop();
  showUndo();
  if (!last) return;
  const row = table.querySelector<HTMLTableRowElement>(`${ROWS}[data-node="${CSS.escape(last.node)}"]`);
  const column = headsOf(table).findIndex((head) => head.dataset["unit"] === last.unit);
  const cell = row && cellsOf(row)[column];
  if (cell) await setShare(table, cell, last.before, true);
}

function showUndo(): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-matrix-undo]")) button.hidden = done.length === 0;
}

function menuOf(table: HTMLElement): HTMLElement | null {
  return document.getElementById(table.dataset["menu"] ?? "");
}

/** Opens the choices beside a cell. */
function openMenu(table: HTMLElement, cell: HTMLElement): void {
  const menu = menuOf(table);
  if (!menu || !table.dataset["url"]) return;
  const row = rowOf(cell);
  const fill = (part: string, words: string): void => {
    const slot = menu.querySelector(`[data-cell-${part}]`);
    if (slot) slot.textContent = words;
  };
  fill("name", row.querySelector(".cw-matrix__name")?.querySelector(".cw-matrix__title")?.textContent ?? "");
  fill("unit", headOf(table, cell)?.textContent?.trim() ?? "");
  fill("hint", row.dataset["hint"] ?? "");
  for (const one of menu.querySelectorAll<HTMLElement>("[data-set]")) {
    one.setAttribute("aria-checked", String(one.dataset["set"] === (cell.dataset["share"] ?? "")));
  }
  const split = row.querySelector("th[data-split]") !== null;
  for (const one of menu.querySelectorAll<HTMLElement>("[data-set-split]")) one.hidden = (one.dataset["setSplit"] === "1") === split;
  menu.showPopover();
  place(menu, cell);
  menu.querySelector<HTMLElement>("[data-set]")?.focus();
}

function choose(item: HTMLElement): void {
  const table = [...document.querySelectorAll<HTMLElement>("[data-matrix]")].find((one) => menuOf(one)?.contains(item));
  const cell = table?.querySelector<HTMLElement>(`${ROWS} > td[tabindex="0"]`);
  if (!table || !cell) return;
  menuOf(table)?.hidePopover();
  moveTo(table, cell);
  if (item.dataset["set"] !== undefined) void setShare(table, cell, item.dataset["set"]);
  else {
    const values = { node: rowOf(cell).dataset["node"] ?? "", ...(item.dataset["setSplit"] ? { split: "1" } : {}) };
    void htmx.ajax("post", table.dataset["splitUrl"] ?? "", { source: cell, target: cell, swap: "none", values });
  }
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const cell = (event.target as Element).closest?.<HTMLElement>(CELLS);
  const table = cell?.closest<HTMLElement>("[data-matrix]");
  if (!cell || !table) return;
  const single = singleKeysOn();
  const next = single && event.key.toLowerCase() === "n" ? nextToFix(table, cell) : target(table, cell, event.key);
  if (next) {
    event.preventDefault();
    moveTo(table, next);
  } else if (event.key === "Enter" && cell.querySelector("a[href]")) {
    if (event.target === cell) cell.querySelector<HTMLElement>("a[href]")?.click();
  } else if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    openMenu(table, cell);
  } else if (single && event.key in SHARES) {
    event.preventDefault();
    void setShare(table, cell, SHARES[event.key] ?? "");
  }
}

function onClick(event: Event): void {
  const at = event.target as Element;
  const item = at.closest<HTMLElement>("[data-set], [data-set-split]");
  if (item) return choose(item);
  if (at.closest("[data-matrix-undo]")) {
    const table = document.querySelector<HTMLElement>("[data-matrix]");
    if (table) void undo(table);
    return;
  }
  const cell = at.closest<HTMLElement>(CELLS);
  const table = cell?.closest<HTMLElement>("[data-matrix]");
  if (!cell || !table) return;
  moveTo(table, cell);
  openMenu(table, cell);
}

export function start(): void {
  done = [];
  document.addEventListener("keydown", onKey);
  document.addEventListener("focusin", (event) => {
    const cell = (event.target as Element).closest?.<HTMLElement>(CELLS);
    const table = cell?.closest<HTMLElement>("[data-matrix]");
    if (cell && table) mark(table, cell);
  });
  document.addEventListener("click", onClick);
  for (const table of document.querySelectorAll<HTMLElement>("[data-matrix]")) {
    const first = table.querySelector<HTMLElement>(`${ROWS} > td:not([data-sum])`);
    if (first && !table.querySelector('td[tabindex="0"]')) first.tabIndex = 0;
  }
}
