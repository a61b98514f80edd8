// A text field that looks up what is typed and offers what fits (core/fields.py), after the ARIA pattern of a combobox
// with a list box: arrows walk, Enter takes the chosen one or the first, Esc closes, Tab goes on. Without this module it is a plain text field.
// A field of several puts each choice before the text as a ticked box.

const PAUSE = 200; // ms after the last letter
const boxOf = (element: Element | null | undefined): HTMLElement | null => element?.closest<HTMLElement>(".cw-pick") ?? null;
const inputOf = (box: HTMLElement): HTMLInputElement => box.querySelector<HTMLInputElement>("[data-pick]")!;
const listOf = (box: HTMLElement): HTMLElement => box.querySelector<HTMLElement>("[data-pick-list]")!;
const optionsOf = (box: HTMLElement): HTMLElement[] => [...listOf(box).querySelectorAll<HTMLElement>("[role=option]:not([aria-disabled])")];
const timers = new WeakMap<HTMLElement, ReturnType<typeof setTimeout>>();
const typing = new WeakSet<HTMLElement>(); // letters stand there that nothing was chosen for yet
const asked = new WeakMap<HTMLElement, string>(); // the words of the last question, since answers come late
const awaited = new WeakSet<HTMLElement>(); // Enter was pressed before the answer came

/** Says what the field is, which without scripts it is not. */
function dress(box: HTMLElement): void {
  const input = inputOf(box);
  const list = listOf(box);
  if (input.getAttribute("role")) return;
  list.id ||= `${input.id || input.name}-list`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels?.[0]?.textContent?.trim() || input.placeholder);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
}

export function close(box: HTMLElement): void {
  clearTimeout(timers.get(box));
  listOf(box).hidden = true;
  listOf(box).replaceChildren();
  box.querySelector("[data-pick-status]")?.replaceChildren();
  inputOf(box).setAttribute("aria-expanded", "false");
  inputOf(box).removeAttribute("aria-activedescendant");
}

/** What Enter takes: the one that is called as was typed, else the first. */
function likeliest(box: HTMLElement): HTMLElement {
  const typed = inputOf(box).value.trim();
  const all = optionsOf(box);
  return all.find((one) => one.dataset["label"] === typed) ?? all[0]!;
}

function look(box: HTMLElement): void {
  asked.set(box, inputOf(box).value);
  inputOf(box).dispatchEvent(new CustomEvent("cw:look", { bubbles: true }));
}

function lookSoon(box: HTMLElement): void {
  clearTimeout(timers.get(box));
  timers.set(box, setTimeout(() => look(box), PAUSE));
}

/** What came is shown, numbered for the screen reader and said. */
export function show(box: HTMLElement): void {
  const input = inputOf(box);
  const list = listOf(box);
  if ((asked.get(box) ?? input.value) !== input.value) {
    list.hidden = true; // what fits other words is neither shown nor taken
    list.replaceChildren();
    return;
  }
  list.removeAttribute("data-stale");
  const entered = awaited.delete(box);
  if (document.activeElement !== input) return close(box);
  [...list.children].forEach((one, at) => (one.id = `${list.id}-${at}`));
  list.hidden = list.children.length === 0;
  input.setAttribute("aria-expanded", String(!list.hidden));
  input.removeAttribute("aria-activedescendant");
  const status = box.querySelector("[data-pick-status]");
  const found = optionsOf(box);
  if (entered && found.length) return take(box, likeliest(box));
  if (entered) typing.delete(box); // nothing is called so: the next Enter sends it, and the form says why
  if (status) status.textContent = found.length ? `${found.length}: ${found[0]?.dataset["label"] ?? ""}` : (list.textContent ?? "").trim();
}

function walk(box: HTMLElement, step: number): void {
  const all = optionsOf(box);
  if (!all.length) return;
  const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length]!;
  for (const one of all) one.setAttribute("aria-selected", String(one === next));
  inputOf(box).setAttribute("aria-activedescendant", next.id);
  next.scrollIntoView?.({ block: "nearest" });
}

/** Takes a choice: its name into the field, or a ticked box before it where several may be chosen. */
export function take(box: HTMLElement, option: HTMLElement): void {
  const input = inputOf(box);
  const form = box.querySelector<HTMLTemplateElement>("template");
  const key = `#${option.dataset["key"] ?? ""}`;
  if (form) {
    const there = [...box.querySelectorAll<HTMLInputElement>(".cw-token input")].find((one) => one.value === key);
    const made = form.content.firstElementChild?.cloneNode(true) as HTMLElement | undefined;
    const tick = made?.querySelector("input");
    const words = made?.querySelector("span");
    if (there) there.checked = true;
    else if (made && tick && words) {
      tick.value = key;
      words.textContent = option.dataset["label"] ?? "";
      input.before(made);
    }
    input.value = "";
  } else {
    input.value = option.dataset["label"] ?? "";
  }
  typing.delete(box);
  close(box);
  input.focus();
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function onKey(event: KeyboardEvent): void {
  const box = boxOf(event.target as Element);
  if (!box || event.target !== inputOf(box) || event.isComposing) return;
  const open = !listOf(box).hidden && !listOf(box).hasAttribute("data-stale");
  const chosen = optionsOf(box).find((one) => one.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (open) walk(box, event.key === "ArrowDown" ? 1 : -1);
    else look(box);
  } else if (event.key === "Enter" && open && chosen) take(box, chosen);
  // Half a name must not go off as it is, nor run together with the next: the first of what fits is taken. Among several
  // that is as soon as it is there; one name alone is sent as it stands, as in a filter, and read by the server.
  else if (event.key === "Enter" && open && inputOf(box).value.trim() && optionsOf(box).length) take(box, likeliest(box));
  else if (event.key === "Enter" && !open && box.querySelector("template") && typing.has(box) && inputOf(box).value.trim() && !awaited.has(box)) {
    awaited.add(box);
    clearTimeout(timers.get(box));
    look(box);
  }
  else if (event.key === "Escape" && open) {
    typing.delete(box);
    close(box);
  }
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

export function start(): void {
  document.addEventListener("focusin", (event) => {
    const box = boxOf(event.target as Element);
    if (box && event.target === inputOf(box)) dress(box);
  });
  document.addEventListener("focusout", (event) => {
    const box = boxOf(event.target as Element);
    if (box && !box.contains(event.relatedTarget as Node | null)) close(box);
  });
  document.addEventListener("input", (event) => {
    const box = boxOf(event.target as Element);
    if (!box || event.target !== inputOf(box)) return;
    awaited.delete(box);
    typing.add(box);
    listOf(box).setAttribute("data-stale", ""); // what stands there fits what was typed before
    if (inputOf(box).value.trim()) lookSoon(box);
    else close(box);
  });
  // Pressing an option must not take the focus away, or the list would be gone before the click.
  document.addEventListener("mousedown", (event) => {
    if ((event.target as Element).closest("[data-pick-list]")) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const at = event.target as Element;
    const box = boxOf(at);
    if (!box) return;
    const option = at.closest<HTMLElement>("[role=option]:not([aria-disabled])");
    if (option && listOf(box).contains(option)) take(box, option);
    else if (at === inputOf(box) && listOf(box).hidden && !inputOf(box).value) look(box); // a tap is enough to see the first
  });
  document.addEventListener("keydown", onKey, true); // before the page's own keys
  document.addEventListener("htmx:afterSwap", (event) => {
    const list = event.target as Element;
    const box = list.matches?.("[data-pick-list]") ? boxOf(list) : null;
    if (box) show(box);
  });
}
