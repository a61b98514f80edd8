// Whether a key press belongs to something the person is writing in.

const QUIET_INPUTS = new Set(["button", "checkbox", "radio", "submit", "reset", "file", "image", "range", "color"]);

/** True where letters go into text: fields, selects, editable text; also while an input method composes. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.isComposing || event.key === "Process") return true;
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest("[contenteditable=''], [contenteditable='true']")) return true;
  if (target instanceof HTMLInputElement) return !QUIET_INPUTS.has(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
