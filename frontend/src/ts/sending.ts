// A form goes once: pressing its button again while the first press is under way does nothing.

const HELD_MS = 8_000; // an answer that is a file leaves the page as it is: after that the button works again

function release(form: HTMLFormElement): void {
  delete form.dataset["underWay"];
  for (const button of document.querySelectorAll("button[data-held]")) {
    if ((button as HTMLButtonElement).form !== form) continue;
    button.removeAttribute("data-held");
    button.removeAttribute("aria-busy");
  }
}

function hold(event: SubmitEvent): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post" || event.defaultPrevented) return;
  const { submitter } = event;
  if (form.target === "_blank" || submitter?.getAttribute("formtarget") === "_blank") return;
  if (form.dataset["underWay"] !== undefined) return event.preventDefault();
  form.dataset["underWay"] = "";
  submitter?.setAttribute("data-held", "");
  submitter?.setAttribute("aria-busy", "true");
  setTimeout(() => release(form), HELD_MS);
}

export function start(): void {
  document.addEventListener("submit", hold);
  // The browser's arrow shows the page as it was left.
  window.addEventListener("pageshow", () => document.querySelectorAll<HTMLFormElement>("form[data-under-way]").forEach(release));
}
