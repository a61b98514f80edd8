// Opens and closes dialogs: data-dialog names one, data-dialog-close closes the nearest.

export function start(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const opener = target.closest<HTMLElement>("[data-dialog]");
    const named = opener && document.getElementById(opener.dataset["dialog"] ?? "");
    if (named instanceof HTMLDialogElement) {
      event.preventDefault();
      named.showModal();
      return;
    }
    if (target.closest("[data-dialog-close]") || target.matches("dialog.cw-dialog")) target.closest("dialog")?.close();
  });
}
