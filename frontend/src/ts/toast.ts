// Confirms what was just done and offers to undo it for ten seconds.
// The server asks for one with the header HX-Trigger: {"cw:toast": {"text": "…", "undo": "/address/"}},
// or with a message of level success (core/parts/messages.html).

import htmx from "htmx.org";

const LASTS_MS = 10_000;

export interface Toast { text: string; undo?: string | undefined }

/** Shows a toast; the clock stands while the pointer or the focus is on it. */
export function showToast(toast: Toast): HTMLElement | undefined {
  const region = document.getElementById("cw-toasts");
  if (!region || !toast.text) return undefined;
  const box = document.createElement("div");
  box.className = "cw-toast";
  const words = document.createElement("span");
  words.textContent = toast.text;
  box.append(words);
  if (toast.undo) box.append(undoButton(box, toast.undo, region.dataset["undoLabel"] ?? ""));
  region.append(box);
  let timer = setTimeout(() => box.remove(), LASTS_MS);
  const hold = (): void => clearTimeout(timer);
  const go = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => box.remove(), LASTS_MS);
  };
  box.addEventListener("pointerenter", hold);
  box.addEventListener("focusin", hold);
  box.addEventListener("pointerleave", go);
  box.addEventListener("focusout", go);
  return box;
}

function undoButton(box: HTMLElement, address: string, label: string): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "cw-btn cw-btn--sm";
  button.dataset["key"] = "z";
  button.textContent = label;
  button.addEventListener("click", () => {
    box.remove();
    void htmx.ajax("post", address, { source: document.body, swap: "none" });
  });
  return button;
}

function readTemplates(root: ParentNode): void {
  for (const one of root.querySelectorAll<HTMLTemplateElement>("template[data-toast]")) {
    showToast({ text: one.content.textContent?.trim() ?? "", undo: one.dataset["undo"] });
    one.remove();
  }
}

export function start(): void {
  document.addEventListener("cw:toast", (event) => showToast((event as CustomEvent<Toast>).detail));
  document.addEventListener("htmx:afterSettle", () => readTemplates(document));
  readTemplates(document);
}
