// The breakdown as a grid: arrow keys move, 1 lead, 2 cooperate, 0 clear, N next gap; every cell saves itself.
// <table role="grid" data-matrix data-lead="…" data-cooperate="…" data-clear="…"> with cells
// <td tabindex="-1" data-url="/…/" data-role="lead|cooperate|" data-name="criterion, unit">; the server answers with the new cell.

import htmx from "htmx.org";
import { announce } from "./announce";

const ROLES: Record<string, string> = { "1": "lead", "2": "cooperate", "0": "" };

const CELLS = "td[data-url]";

/** The cells of a grid as rows, without the rows that hold none. */
export function grid(table: Element): HTMLElement[][] {
  return [...table.querySelectorAll("tr")]
    .map((row) => [...row.querySelectorAll<HTMLElement>(CELLS)])
    .filter((row) => row.length > 0);
}

/** Where a key leads from a cell; undefined for other keys and at the edge. */
export function target(rows: HTMLElement[][], cell: HTMLElement, key: string): HTMLElement | undefined {
  const down = rows.findIndex((row) => row.includes(cell));
  const row = rows[down];
  if (!row) return undefined;
  const across = row.indexOf(cell);
  switch (key) {
    case "ArrowUp": return rows[down - 1]?.[across];
    case "ArrowDown": return rows[down + 1]?.[across];
    case "ArrowLeft": return row[across - 1];
    case "ArrowRight": return row[across + 1];
    case "Home": return row[0];
    case "End": return row[row.length - 1];
    default: return undefined;
  }
}

/** The first cell of the next row that has a gap or an overlap, from the top again after the last. */
export function nextToFix(rows: HTMLElement[][], cell: HTMLElement): HTMLElement | undefined {
  const down = rows.findIndex((row) => row.includes(cell));
  const order = [...rows.slice(down + 1), ...rows.slice(0, down + 1)];
  return order.find((row) => row[0]?.closest("tr")?.querySelector("th.is-gap, th.is-overlap"))?.[0];
}

function mark(table: HTMLElement, cell: HTMLElement): void {
  for (const one of table.querySelectorAll(".is-here")) one.classList.remove("is-here");
  const row = cell.closest("tr");
  row?.classList.add("is-here");
  const across = row ? [...row.querySelectorAll(CELLS)].indexOf(cell) : -1;
  for (const line of grid(table)) line[across]?.classList.add("is-here");
  table.querySelectorAll("thead th[data-unit]")[across]?.classList.add("is-here");
}

export function moveTo(table: HTMLElement, cell: HTMLElement): void {
  for (const one of table.querySelectorAll<HTMLElement>(`${CELLS}[tabindex="0"]`)) one.tabIndex = -1;
  cell.tabIndex = 0;
  cell.focus();
  cell.scrollIntoView?.({ block: "nearest", inline: "nearest" });
}

/** Sends the role to the server; the answer replaces the cell. */
export async function setRole(table: HTMLElement, cell: HTMLElement, role: string): Promise<void> {
  const spoken = table.dataset[role || "clear"] ?? "";
  announce([cell.dataset["name"], spoken].filter(Boolean).join(" "));
  const address = cell.dataset["url"] ?? "";
  await htmx.ajax("post", address, { target: cell, source: cell, swap: "outerHTML", values: { role } });
  const again = table.querySelector<HTMLElement>(`td[data-url="${CSS.escape(address)}"]`);
  if (again) moveTo(table, again);
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const cell = (event.target as Element).closest?.<HTMLElement>(`[data-matrix] ${CELLS}`);
  const table = cell?.closest<HTMLElement>("[data-matrix]");
  if (!cell || !table) return;
  const rows = grid(table);
  const next = event.key.toLowerCase() === "n" ? nextToFix(rows, cell) : target(rows, cell, event.key);
  if (next) {
    event.preventDefault();
    moveTo(table, next);
  } else if (event.key in ROLES) {
    event.preventDefault();
    void setRole(table, cell, ROLES[event.key] ?? "");
  }
}

export function start(): void {
  document.addEventListener("keydown", onKey);
  document.addEventListener("focusin", (event) => {
    const cell = (event.target as Element).closest?.<HTMLElement>(`[data-matrix] ${CELLS}`);
    const table = cell?.closest<HTMLElement>("[data-matrix]");
    if (cell && table) mark(table, cell);
  });
  document.addEventListener("click", (event) => {
    const cell = (event.target as Element).closest<HTMLElement>(`[data-matrix] ${CELLS}`);
    const table = cell?.closest<HTMLElement>("[data-matrix]");
    if (cell && table) moveTo(table, cell);
  });
  for (const table of document.querySelectorAll<HTMLElement>("[data-matrix]")) {
    const first = grid(table)[0]?.[0];
    if (first && !table.querySelector(`${CELLS}[tabindex="0"]`)) first.tabIndex = 0;
  }
}
