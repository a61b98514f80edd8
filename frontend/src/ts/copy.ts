// Copies text: data-copy holds it, data-copy-from names the element or, beginning with "/" or "?", the address that has it.

import { announce } from "./announce";

const SHOWN_MS = 2000;

async function textOf(button: HTMLElement): Promise<string> {
  const from = button.dataset["copyFrom"];
  if (from === undefined) return button.dataset["copy"] ?? "";
  if (!/^[/?]/.test(from)) return document.getElementById(from)?.textContent?.trim() ?? "";
  const response = await fetch(from, { headers: { Accept: "text/plain" } });
  if (!response.ok) throw new Error(`copy source answered ${response.status}`);
  return response.text();
}

/** Plain http on a closed network has no clipboard API; a hidden field does there. */
export async function writeText(text: string): Promise<void> {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "cw-sr";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("the browser refused to copy");
}

/** Shows `word` in the button for a moment and says it. */
function showWord(button: HTMLElement, word: string): void {
  announce(word);
  const place = button.querySelector("span") ?? button;
  if (button.dataset["copyBusy"] || place === button) return;
  const before = place.textContent;
  button.dataset["copyBusy"] = "1";
  place.textContent = word;
  setTimeout(() => {
    place.textContent = before;
    delete button.dataset["copyBusy"];
  }, SHOWN_MS);
}

export async function copyFrom(button: HTMLElement): Promise<void> {
  try {
    await writeText(await textOf(button));
    showWord(button, button.dataset["copied"] ?? "");
  } catch {
    showWord(button, button.dataset["copyFailed"] ?? "");
  }
  button.focus();
}

export function start(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-copy], [data-copy-from]");
    if (button) void copyFrom(button);
  });
}
