// A field of chips: what is typed is looked up below it (htmx), a choice becomes a chip with its hidden value.
// Arrow keys walk the choices, Enter takes one, Backspace in the empty field takes the last chip out.

const fieldOf = (element: Element | null | undefined): HTMLElement | null => element?.closest<HTMLElement>("[data-tokens]") ?? null;
const typed = (field: HTMLElement): HTMLInputElement | null => field.querySelector<HTMLInputElement>("[role=combobox]");
const options = (field: HTMLElement): HTMLElement[] => [...field.querySelectorAll<HTMLElement>("[role=option]")];

function close(field: HTMLElement): void {
  field.querySelector("[data-token-list]")?.replaceChildren();
  typed(field)?.setAttribute("aria-expanded", "false");
}

/** Adds a chip unless it is there already; empties what was typed. */
export function addToken(field: HTMLElement, value: string, label: string): void {
  const input = typed(field);
  const there = [...field.querySelectorAll<HTMLInputElement>('input[type="hidden"]')].some((one) => one.value === value);
  const made = field.querySelector<HTMLTemplateElement>("[data-token-new]")?.content.firstElementChild?.cloneNode(true) as HTMLElement | undefined;
  const hidden = made?.querySelector<HTMLInputElement>("input");
  const words = made?.querySelector("[data-token-label]");
  if (!there && made && hidden && words) {
    hidden.value = value;
    words.textContent = label;
    input?.before(made);
  }
  if (input) input.value = "";
  close(field);
  input?.focus();
}

function onClick(event: MouseEvent): void {
  const at = event.target as Element;
  const drop = at.closest("[data-token-drop]");
  if (drop) {
    const field = fieldOf(drop);
    drop.closest(".cw-token")?.remove();
    if (field) typed(field)?.focus();
    return;
  }
  const pick = at.closest<HTMLElement>("[data-token-pick]");
  if (pick) {
    const name = pick.dataset["tokenPick"];
    const field = name ? pick.closest("form")?.querySelector<HTMLElement>(`[data-tokens="${CSS.escape(name)}"]`) : fieldOf(pick);
    if (field) addToken(field, pick.dataset["value"] ?? "", pick.dataset["label"] ?? "");
    return;
  }
  for (const field of document.querySelectorAll<HTMLElement>("[data-tokens]")) if (!field.contains(at)) close(field);
}

function walk(field: HTMLElement, step: number): void {
  const all = options(field);
  if (!all.length) return;
  const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
  const next = all[(at + step + all.length + (at < 0 && step < 0 ? 1 : 0)) % all.length];
  for (const one of all) one.setAttribute("aria-selected", String(one === next));
  next?.scrollIntoView?.({ block: "nearest" });
}

function onKey(event: KeyboardEvent): void {
  const field = fieldOf(event.target as Element);
  const input = field && typed(field);
  if (!field || !input || event.target !== input || event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    walk(field, event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
  } else if (event.key === "Enter") {
    // Without a choice Enter saves the form; with letters typed it takes the chosen or the first unit.
    const chosen = options(field).find((one) => one.getAttribute("aria-selected") === "true") ?? (input.value.trim() ? options(field)[0] : undefined);
    if (!chosen) return;
    event.preventDefault();
    chosen.click();
  } else if (event.key === "Backspace" && !input.value) {
    [...field.querySelectorAll(".cw-tokens > .cw-token")].pop()?.remove();
  } else if (event.key === "Escape" && options(field).length) {
    close(field);
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}

export function start(): void {
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey, true); // before the page's own keys
  document.addEventListener("htmx:afterSwap", (event) => {
    const target = event.target as Element;
    const field = target.matches("[data-token-list]") ? fieldOf(target) : null;
    if (field) typed(field)?.setAttribute("aria-expanded", String(options(field).length > 0));
  });
}
