// The map's style, from what the page says: tiles of the site's own source, or a plain background.

import type { LngLatBoundsLike, StyleSpecification } from "maplibre-gl";

export interface Point { type: "Feature"; geometry: { type: "Point"; coordinates: [number, number] }; properties: { id: string | number; name?: string; url?: string; state?: string } }
export interface Points { type: "FeatureCollection"; features: Point[] }

export function mapStyle(tiles: string, attribution: string, background: string): StyleSpecification {
  const plain: StyleSpecification = {
    version: 8,
    sources: {},
    layers: [{ id: "background", type: "background", paint: { "background-color": background } }],
  };
  if (!tiles) return plain;
  // Several sources may be named, one on the other: a picture and its labels come apart at some providers.
  tiles.split(/\s+/).forEach((address, index) => {
    plain.sources[`tiles${index}`] = { type: "raster", tiles: [address], tileSize: 256, ...(attribution ? { attribution } : {}) };
    plain.layers.push({ id: `tiles${index}`, type: "raster", source: `tiles${index}` });
  });
  return plain;
}

/** The box that holds all points, undefined when there are none. */
export function boundsOf(points: Points): LngLatBoundsLike | undefined {
  const all = points.features.map((one) => one.geometry.coordinates);
  if (!all.length) return undefined;
  const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)];
  return [[Math.min(...xs), Math.min(...ys)], [Math.max(...xs), Math.max(...ys)]];
}

/** Which of the drawn shapes stands for a state: square not met, triangle late, diamond disputed, disc else. */
export function shapeOf(state: string | undefined): "bad" | "warn" | "hold" | "good" | "plain" {
  switch (state) {
    case "not_met": case "bad": case "late": return "bad";
    case "warn": case "yellow": case "today": return "warn";
    case "disputed": case "long_term": case "hold": return "hold";
    case "met": case "closed": case "good": return "good";
    default: return "plain";
  }
}
