// Places popover menus beside their button and lets arrow keys walk them. Opening, closing and Esc are the browser's.

const GAP = 4;
const EDGE = 8;

interface Box { left: number; top: number; right: number; bottom: number }
interface Size { width: number; height: number }

/** Below the button and flush left; above or flush right where the window ends. */
export function placeBeside(button: Box, menu: Size, view: Size): { left: number; top: number } {
  const fitsRight = button.left + menu.width <= view.width - EDGE;
  const left = fitsRight ? button.left : Math.max(EDGE, button.right - menu.width);
  const fitsBelow = button.bottom + GAP + menu.height <= view.height - EDGE;
  const above = button.top - GAP - menu.height;
  return { left, top: fitsBelow || above < EDGE ? button.bottom + GAP : above };
}

export function place(menu: HTMLElement, button: Element): void {
  const spot = placeBeside(button.getBoundingClientRect(), { width: menu.offsetWidth, height: menu.offsetHeight }, {
    width: document.documentElement.clientWidth,
    height: window.innerHeight,
  });
  menu.style.left = `${spot.left}px`;
  menu.style.top = `${spot.top}px`;
}

/** The item that an arrow key leads to, or undefined for other keys. */
export function nextItem(items: readonly HTMLElement[], current: Element | null, key: string): HTMLElement | undefined {
  const at = items.findIndex((item) => item === current);
  switch (key) {
    case "ArrowDown": return items[(at + 1) % items.length];
    case "ArrowUp": return items[(at <= 0 ? items.length : at) - 1];
    case "Home": return items[0];
    case "End": return items[items.length - 1];
    default: return undefined;
  }
}

const itemsOf = (menu: Element): HTMLElement[] => [...menu.querySelectorAll<HTMLElement>(".cw-menu__item:not(:disabled)")];

export function start(): void {
  document.addEventListener("toggle", (event) => {
    const menu = event.target;
    if (!(menu instanceof HTMLElement) || !menu.matches(".cw-menu[popover]")) return;
    const button = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
    const open = (event as ToggleEvent).newState === "open";
    button?.setAttribute("aria-expanded", String(open));
    if (!open || !button) return;
    place(menu, button);
    itemsOf(menu)[0]?.focus();
  }, true);
  // A menu that fetched its content when it was opened has another size now, and its focus went with the old content.
  document.addEventListener("htmx:afterSettle", (event) => {
    const menu = event.target;
    if (!(menu instanceof HTMLElement) || !menu.matches("[data-menu-later]:popover-open")) return;
    const button = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
    if (button) place(menu, button);
    menu.querySelector<HTMLElement>("select, input:not([type=hidden]), button")?.focus();
  });
  document.addEventListener("keydown", (event) => {
    const menu = (event.target as Element).closest?.(".cw-menu");
    const item = menu && nextItem(itemsOf(menu), document.activeElement, event.key);
    if (!item) return;
    event.preventDefault();
    item.focus();
  });
}
