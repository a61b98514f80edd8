// After htmx replaced a part: the focus stays, what changed is said, a failed request is told in words.

import { announce } from "./announce";

interface Kept { id: string; name: string; start: number | null }
let kept: Kept | undefined;

function keepFocus(): void {
  const at = document.activeElement;
  if (!(at instanceof HTMLElement) || at === document.body) return;
  const field = at as HTMLInputElement;
  let start: number | null = null;
  try {
    start = field.selectionStart ?? null;
  } catch {
    start = null; // some kinds of input have no caret to read
  }
  kept = { id: at.id, name: field.name ?? "", start };
}

function giveFocusBack(target: Element | null): void {
  const wanted = target?.querySelector<HTMLElement>("[data-focus]");
  if (wanted) wanted.focus();
  else if (kept && (document.activeElement === document.body || !document.activeElement?.isConnected)) {
    const again = kept.id ? document.getElementById(kept.id) : target?.querySelector<HTMLElement>(`[name="${CSS.escape(kept.name)}"]`);
    again?.focus({ preventScroll: true });
    if (again instanceof HTMLInputElement && kept.start !== null && again.type === "text") again.setSelectionRange(kept.start, kept.start);
  }
  kept = undefined;
}

/** What the new part wants said: data-say on it or inside it. */
function say(target: Element | null): void {
  const source = target?.matches("[data-say]") ? target : target?.querySelector("[data-say]");
  const words = source?.getAttribute("data-say");
  if (words) announce(words);
}

/** Says why a request came to nothing, beside what was typed; with `link` the page that helps, in a tab of its own. */
export function tell(kind: "failed" | "gone" | "signedOut" | "signedIn" | "another", link?: { label: string; url: string }): void {
  const region = document.getElementById("cw-toasts");
  const words = region?.dataset[kind];
  if (!region || !words) return;
  forget();
  const note = document.createElement("div");
  note.className = "cw-note cw-note--bad";
  note.dataset["requestNote"] = "";
  note.setAttribute("role", "alert");
  const text = document.createElement("div");
  text.textContent = words;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "cw-btn cw-btn--sm";
  close.textContent = region.dataset["closeLabel"] ?? "";
  close.addEventListener("click", () => note.remove());
  note.append(text);
  if (link) {
    const way = document.createElement("a");
    way.className = "cw-btn cw-btn--sm";
    way.href = link.url;
    way.target = "_blank";
    way.textContent = link.label;
    note.append(way);
  }
  note.append(close);
  region.append(note);
}

export const forget = (): void => document.querySelector("[data-request-note]")?.remove();

export function start(): void {
  document.addEventListener("htmx:beforeSwap", keepFocus);
  document.addEventListener("htmx:afterSettle", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    giveFocusBack(target);
    say(target);
    forget();
  });
  document.addEventListener("htmx:sendError", () => tell("failed"));
  document.addEventListener("htmx:timeout", () => tell("failed"));
  document.addEventListener("htmx:responseError", (event) => {
    const status = (event as CustomEvent<{ xhr?: { status: number } }>).detail?.xhr?.status ?? 0;
    if (status >= 500) tell("gone");
  });
}
