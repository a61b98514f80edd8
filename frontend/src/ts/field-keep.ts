// Pages of the field that were opened once open again without a network: the worker is put to work, and what this page
// is made of is kept at once, together with the addresses that should be there from the first visit on.

import type { Kept } from "./field-cache";

export const PAGES = "cw-field-1"; // the worker's STORE: said twice, so that the worker stays one file
type Shelf = Pick<Kept, "match" | "put">;

/** The page itself, its scripts, styles and icons. */
export function partsOf(page: Document): string[] {
  const scripts = [...page.querySelectorAll<HTMLScriptElement>("script[src]")].map((one) => one.src);
  const styles = [...page.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')].map((one) => one.href);
  const icons = [...page.querySelectorAll("use")].map((one) => new URL(one.getAttribute("href") ?? "", page.baseURI).href.split("#")[0] ?? "");
  return [...scripts, ...styles, ...icons];
}

/** Keep what is not kept yet: the first page of all was loaded before the worker began. */
export async function keepNow(urls: Iterable<string>, kept: Shelf, fetcher: (url: string) => Promise<Response> = (url) => fetch(url)): Promise<void> {
  for (const url of new Set(urls)) {
    if (await kept.match(url)) continue;
    const response = await fetcher(url).catch(() => undefined);
    if (response?.ok && !response.redirected) await kept.put(url, response);
  }
}

export async function keepPages(addresses: readonly string[]): Promise<void> {
  if (!navigator.serviceWorker || !globalThis.caches) return; // an old chat program's browser: pages need a network
  try {
    await navigator.serviceWorker.register("/field/worker.js", { scope: "/field/" });
    const urls = addresses.filter(Boolean).map((one) => new URL(one, document.baseURI).href);
    await keepNow([location.href, ...urls, ...partsOf(document)], await caches.open(PAGES));
    await navigator.storage?.persist?.();
  } catch { /* refused: nothing is lost, pages just need a network */ }
}
