// Asks before what leaves the house: data-confirm on a button names a dialog whose button names the act.

let waiting: HTMLElement | undefined;
let allowed: HTMLElement | undefined;

export function start(): void {
  document.addEventListener("click", ask, true);
  document.addEventListener("close", (event) => {
    if ((event.target as Element).matches?.("dialog")) waiting = undefined;
  }, true);
}

function ask(event: MouseEvent): void {
  const target = event.target as Element;
  const yes = target.closest("[data-confirm-yes]");
  if (yes && waiting) {
    const button = waiting;
    yes.closest("dialog")?.close();
    waiting = undefined;
    allowed = button;
    button.click();
    allowed = undefined;
    return;
  }
  const button = target.closest<HTMLElement>("[data-confirm]");
  if (!button || button === allowed) return;
  const dialog = document.getElementById(button.dataset["confirm"] ?? "");
  if (!(dialog instanceof HTMLDialogElement)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  waiting = button;
  dialog.showModal();
}
