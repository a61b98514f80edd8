// MapLibre itself, in its build for strict content policies: the worker is a file of our own.

import "maplibre-gl/dist/maplibre-gl.css";
import type * as Types from "maplibre-gl";
// @ts-expect-error the package ships this build without types of its own
import library from "maplibre-gl/dist/maplibre-gl-csp.js";
import workerUrl from "maplibre-gl/dist/maplibre-gl-csp-worker.js?url";
import { boundsOf, mapStyle, type Point, type Points, shapeOf } from "./map-style";

const maplibre = library as typeof Types;
const SIDE = 18;
const CROWD = 300; // points above which neighbours are drawn as one disc with their number

/** Draws a state's shape into a picture: shape and colour, never colour alone. */
function shapePicture(shape: string, fill: string, edge: string): ImageData {
  const canvas = document.createElement("canvas");
  const ratio = 2;
  canvas.width = canvas.height = SIDE * ratio;
  const pen = canvas.getContext("2d");
  if (!pen) return new ImageData(1, 1);
  pen.scale(ratio, ratio);
  const corners: Record<string, [number, number][]> = {
    bad: [[3, 3], [15, 3], [15, 15], [3, 15]],
    warn: [[9, 2], [16.5, 15], [1.5, 15]],
    hold: [[9, 1.5], [16.5, 9], [9, 16.5], [1.5, 9]],
  };
  pen.beginPath();
  const path = corners[shape];
  if (path) path.forEach(([x, y], index) => (index ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  else pen.arc(9, 9, 6.5, 0, Math.PI * 2);
  pen.closePath();
  pen.fillStyle = fill;
  pen.strokeStyle = edge;
  pen.lineWidth = 1.5;
  pen.fill();
  pen.stroke();
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

/** A disc with the number of points it stands for. Drawn here because the style has no fonts to fetch. */
function crowdPicture(number: string, fill: string, ink: string): ImageData {
  const canvas = document.createElement("canvas");
  const side = 24 + number.length * 6;
  canvas.width = canvas.height = side * 2;
  const pen = canvas.getContext("2d");
  if (!pen) return new ImageData(1, 1);
  pen.scale(2, 2);
  pen.arc(side / 2, side / 2, side / 2 - 1, 0, Math.PI * 2);
  pen.fillStyle = fill;
  pen.fill();
  pen.fillStyle = ink;
  pen.font = "600 12px system-ui, sans-serif";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(number, side / 2, side / 2 + 0.5);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

async function fetchPoints(address: string): Promise<Points> {
  const response = await fetch(address, { headers: { Accept: "application/geo+json" } });
  if (!response.ok) throw new Error(`points answered ${response.status}`);
  return (await response.json()) as Points;
}

function addPoints(map: Types.Map, points: Points, colour: (name: string) => string): void {
  const fills = { bad: "--cw-bad", warn: "--cw-warn-fill", hold: "--cw-hold", good: "--cw-good", plain: "--cw-brand" };
  for (const [shape, token] of Object.entries(fills)) {
    map.addImage(shape, shapePicture(shape, colour(token), colour(shape === "warn" ? "--cw-warn" : "--cw-surface")), { pixelRatio: 2 });
  }
  for (const point of points.features) point.properties.state = shapeOf(point.properties.state);
  // Thousands of points become discs with their number, which a click opens; nothing is fetched for it.
  map.addSource("points", { type: "geojson", data: points as never, cluster: points.features.length > CROWD, clusterRadius: 44, clusterMaxZoom: 15 });
  map.on("styleimagemissing", ({ id }) => {
    if (id.startsWith("crowd ")) map.addImage(id, crowdPicture(id.slice(6), colour("--cw-brand"), colour("--cw-on-brand")), { pixelRatio: 2 });
  });
  const icon = ["case", ["has", "point_count"], ["concat", "crowd ", ["to-string", ["get", "point_count_abbreviated"]]], ["get", "state"]];
  map.addLayer({ id: "points", type: "symbol", source: "points", layout: { "icon-image": icon as never, "icon-allow-overlap": true } });
}

/** Goes in on a crowd until it falls apart. */
async function openCrowd(map: Types.Map, crowd: number, center: [number, number]): Promise<void> {
  const zoom = await (map.getSource("points") as Types.GeoJSONSource).getClusterExpansionZoom(crowd);
  map.jumpTo({ center, zoom });
}

/** A plain text popup with a link; built from nodes, never from HTML. */
function popup(map: Types.Map, point: Point): void {
  const link = document.createElement(point.properties.url ? "a" : "b");
  link.textContent = point.properties.name ?? "";
  if (point.properties.url) (link as HTMLAnchorElement).href = point.properties.url;
  new maplibre.Popup({ offset: 12 }).setLngLat(point.geometry.coordinates).setDOMContent(link).addTo(map);
}

export async function drawMap(place: HTMLElement): Promise<void> {
  maplibre.setWorkerUrl(new URL(workerUrl, import.meta.url).href);
  const style = getComputedStyle(place);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const points = await fetchPoints(place.dataset["map"] ?? "");
  const bounds = boundsOf(points);
  const map = new maplibre.Map({
    container: place,
    style: mapStyle(place.dataset["tiles"] ?? "", place.dataset["attribution"] ?? "", colour("--cw-fill")),
    ...(bounds ? { bounds, fitBoundsOptions: { padding: 40, maxZoom: 16 } } : {}),
    fadeDuration: 0,
    dragRotate: false,
    attributionControl: place.dataset["attribution"] ? { compact: true } : false,
  });
  map.addControl(new maplibre.NavigationControl({ showCompass: false }));
  await map.once("load");
  addPoints(map, points, colour);
  map.on("click", "points", (event) => {
    const crowd = event.features?.[0]?.properties["cluster_id"] as number | undefined;
    if (crowd !== undefined) return void openCrowd(map, crowd, event.lngLat.toArray());
    const hit = event.features?.[0]?.properties["id"] as string | number | undefined;
    const point = points.features.find((one) => one.properties.id === hit);
    if (point) popup(map, point);
  });
  document.addEventListener("focusin", (event) => {
    const id = (event.target as Element).closest<HTMLElement>("[data-map-point]")?.dataset["mapPoint"];
    const point = points.features.find((one) => String(one.properties.id) === id);
    if (point) map.jumpTo({ center: point.geometry.coordinates, zoom: Math.max(map.getZoom(), 15) });
  });
}
