// Groups of the side bar fold; what is folded stays so for this person (a cookie, so that the server draws the page right at once).

const YEAR_S = 31_536_000;

/** The keys of the folded groups, divided by points. */
export const foldedKeys = (nav: Element): string =>
  [...nav.querySelectorAll<HTMLElement>(".cw-side__group.is-folded[data-fold-group]")].map((group) => group.dataset["foldGroup"] ?? "").join(".");

function fold(button: Element, nav: HTMLElement): void {
  const folded = button.closest(".cw-side__group")?.classList.toggle("is-folded") ?? false;
  button.setAttribute("aria-expanded", String(!folded));
  document.cookie = `${nav.dataset["folds"] ?? ""}=${foldedKeys(nav)}; path=/; max-age=${YEAR_S}; samesite=lax`;
}

/** How far a box of this height must be scrolled for the entry to be in its midst; 0 where it is in sight. */
export const scrollFor = (top: number, bottom: number, height: number): number =>
  bottom <= height ? 0 : top - height / 2;

export function start(): void {
  const side = document.querySelector<HTMLElement>(".cw-side");
  const entry = side?.querySelector<HTMLElement>("[aria-current]");
  if (side && entry) side.scrollTop = scrollFor(entry.offsetTop, entry.offsetTop + entry.offsetHeight, side.clientHeight);
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest(".cw-side__fold");
    const nav = button?.closest<HTMLElement>("[data-folds]");
    if (button && nav) fold(button, nav);
  });
}
