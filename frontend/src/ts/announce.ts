// Says something to people who hear the page instead of seeing it.

/** Put `text` into the polite live region of the page (core/parts/toasts.html). */
export function announce(text: string): void {
  const region = document.getElementById("cw-live");
  if (!region) return;
  region.textContent = "";
  // A region that is emptied and filled in one step is not read twice when the text is the same.
  setTimeout(() => (region.textContent = text), 50);
}
