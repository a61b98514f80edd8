// Says in place whether a form that saves itself is saved: core/parts/autosave.html beside a form with data-autosaves.

type State = "saving" | "saved" | "failed";

/** Writes the state's words; "saved" carries the time. */
export function showState(place: HTMLElement, state: State, now = new Date()): void {
  const time = now.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
  place.dataset["state"] = state;
  place.textContent = (place.dataset[state] ?? "").replace("{time}", time);
}

function placeFor(event: Event): HTMLElement | null {
  const form = event.target instanceof Element ? event.target.closest("[data-autosaves]") : null;
  if (!form) return null;
  return form.querySelector<HTMLElement>("[data-autosave]") ?? document.querySelector<HTMLElement>("[data-autosave]");
}

function react(name: string, state: State): void {
  document.addEventListener(name, (event) => {
    const place = placeFor(event);
    if (place) showState(place, state);
  });
}

export function start(): void {
  react("htmx:beforeRequest", "saving");
  document.addEventListener("htmx:afterRequest", (event) => {
    const place = placeFor(event);
    if (place) showState(place, (event as CustomEvent<{ successful?: boolean }>).detail?.successful ? "saved" : "failed");
  });
}
