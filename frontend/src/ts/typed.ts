// What was typed is not lost where a form could not be taken, since its person had been signed out meanwhile or had signed
// in anew in another tab. It stays in this tab until the next page: only over the sign-in page (data-interrupts) is it
// kept on, and only the same person finds it in the same form. Passwords and files are never kept.

const KEY = "cw-typed";
const MOST = 200_000; // characters
const LASTS_MS = 60 * 60 * 1000;
const NEVER = new Set(["password", "file", "submit", "button", "reset", "image"]);

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
interface Kept { path: string; action: string; which: number; person: string; at: number; interrupted: boolean; fields: [string, string][] }
type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const person = (): string => document.body.dataset["person"] ?? "";
const here = (): string => location.pathname + location.search;

function fieldsOf(form: HTMLFormElement): Field[] {
  const all = [...form.elements].filter((one): one is Field => one instanceof HTMLInputElement || one instanceof HTMLTextAreaElement || one instanceof HTMLSelectElement);
  return all.filter((one) => one.name && one.name !== "csrfmiddlewaretoken" && !NEVER.has(one.type));
}

const ticked = (field: Field): field is HTMLInputElement => field.type === "checkbox" || field.type === "radio";

/** What a form says, in the order of its fields; of boxes those that are ticked, of lists what is chosen. */
export function said(form: HTMLFormElement): [string, string][] {
  return fieldsOf(form).flatMap((field): [string, string][] => {
    if (ticked(field)) return field.checked ? [[field.name, field.value]] : [];
    if (field instanceof HTMLSelectElement) return [...field.selectedOptions].map((one) => [field.name, one.value]);
    return [[field.name, field.value]];
  });
}

/** Puts it in again. */
export function putIn(form: HTMLFormElement, fields: [string, string][]): void {
  const left = new Map<string, string[]>();
  for (const [name, value] of fields) left.set(name, [...(left.get(name) ?? []), value]);
  for (const field of fieldsOf(form)) {
    const values = left.get(field.name) ?? [];
    if (ticked(field)) field.checked = values.includes(field.value);
    else if (field instanceof HTMLSelectElement) for (const one of field.options) one.selected = values.includes(one.value);
    else field.value = values.shift() ?? field.value;
  }
}

function read(store: Store): Kept | null {
  try {
    const kept = JSON.parse(store.getItem(KEY) ?? "null") as Kept | null;
    return kept && Date.now() - kept.at < LASTS_MS ? kept : null;
  } catch {
    return null;
  }
}

function keep(store: Store, kept: Kept | null): void {
  try {
    const text = kept && JSON.stringify(kept);
    if (text && text.length < MOST) store.setItem(KEY, text);
    else store.removeItem(KEY);
  } catch { /* a browser without a store: the arrow has to do */ }
}

/** The page's forms that go to this address and have these fields: mostly one. */
function sameForms(action: string, fields: [string, string][]): HTMLFormElement[] {
  const wanted = [...new Set(fields.map(([name]) => name))];
  const there = [...document.querySelectorAll<HTMLFormElement>("main form[method=post]")].filter((form) => (form.getAttribute("action") ?? "") === action);
  return there.filter((form) => {
    const names = new Set(fieldsOf(form).map((field) => field.name));
    return wanted.every((name) => names.has(name));
  });
}

function remember(event: SubmitEvent, store: Store): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post" || event.defaultPrevented || !person()) return;
  const action = form.getAttribute("action") ?? "";
  const fields = said(form);
  const which = sameForms(action, fields).indexOf(form);
  keep(store, { path: here(), action, which, person: person(), at: Date.now(), interrupted: false, fields });
}

function tell(form: HTMLFormElement): void {
  const words = document.getElementById("cw-toasts")?.dataset["typed"];
  if (!words) return;
  const note = document.createElement("div");
  note.className = "cw-note cw-note--warn";
  note.setAttribute("role", "status");
  const text = document.createElement("div");
  text.textContent = words;
  note.append(text);
  form.prepend(note);
  note.scrollIntoView?.({ block: "center" });
}

/** On every page: what was sent from the last one is let go, or kept on where it was interrupted, or put in again. */
export function arrive(store: Store): void {
  const kept = read(store);
  if (!kept) return keep(store, null);
  const back = document.querySelector<HTMLAnchorElement>("[data-typed-back]");
  if (document.body.hasAttribute("data-interrupts")) {
    keep(store, { ...kept, interrupted: true });
    if (back) {
      back.href = kept.path;
      back.hidden = false;
    }
    return;
  }
  if (kept.interrupted && !person()) return; // a second factor, a new password: still on the way
  if (!kept.interrupted || kept.person !== person()) return keep(store, null);
  if (kept.path !== here()) return;
  keep(store, null);
  const form = sameForms(kept.action, kept.fields)[kept.which] ?? sameForms(kept.action, kept.fields)[0];
  if (!form || !kept.fields.length) return;
  putIn(form, kept.fields);
  tell(form);
}

export function start(store: Store = sessionStorage): void {
  arrive(store);
  document.addEventListener("submit", (event) => remember(event, store));
}
