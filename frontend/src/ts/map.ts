// Puts a map where a page has one; MapLibre is fetched only then.
// <div class="cw-map" data-map="/points.geojson" data-tiles="https://…/{z}/{x}/{y}" data-attribution="…" aria-label="…"></div>
// Without tiles the background is plain. A list of the same points stands beside it: links with data-map-point="id".

const waiting = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-map]:not([data-drawn])")];

export async function draw(): Promise<void> {
  const places = waiting();
  if (!places.length) return;
  for (const place of places) place.dataset["drawn"] = "";
  const { drawMap } = await import("./map-part");
  for (const place of places) await drawMap(place);
}

export function start(): void {
  void draw();
  document.addEventListener("htmx:afterSettle", () => void draw());
}
