import { expect, test } from "vitest";
import { boundsOf, mapStyle, type Point, shapeOf } from "./map-style";

const point = (x: number, y: number): Point => ({ type: "Feature", geometry: { type: "Point", coordinates: [x, y] }, properties: { id: 1 } });

test("without a tile source the background is plain and nothing is fetched", () => {
  const style = mapStyle("", "", "grey");
  expect(style.sources).toEqual({});
  expect(style.layers.map((layer) => layer.type)).toEqual(["background"]);
});

test("two tile sources lie on each other", () => {
  const style = mapStyle("/a/{z}/{x}/{y} /b/{z}/{x}/{y}", "天地图", "grey");
  expect(Object.keys(style.sources)).toEqual(["tiles0", "tiles1"]);
  expect(style.layers.map((layer) => layer.id)).toEqual(["background", "tiles0", "tiles1"]);
});

test("the box holds all points, and there is none without points", () => {
  expect(boundsOf({ type: "FeatureCollection", features: [point(116, 39), point(115, 40)] })).toEqual([[115, 39], [116, 40]]);
  expect(boundsOf({ type: "FeatureCollection", features: [] })).toBeUndefined();
});

test("states have shapes of their own", () => {
  expect(["not_met", "today", "disputed", "closed", undefined].map(shapeOf)).toEqual(["bad", "warn", "hold", "good", "plain"]);
});
