import { expect, test } from "vitest";
import { fitted, smallCopy, type Tools } from "./shrink";

const blob = (bytes: number): Blob => new Blob([new Uint8Array(bytes)]);
const tools = (width: number, height: number, copyBytes: number, drawn: number[][] = []): Tools => ({
  decode: async () => ({ width, height }),
  draw: async (_picture, wide, high) => { drawn.push([wide, high]); return copyBytes < 0 ? null : blob(copyBytes); },
});

test("the long side is 1600 at most, in proportion, and nothing is blown up", () => {
  expect([fitted(4000, 3000), fitted(3000, 4000), fitted(800, 600), fitted(20000, 3)]).toEqual([
    { width: 1600, height: 1200 }, { width: 1200, height: 1600 }, { width: 800, height: 600 }, { width: 1600, height: 1 },
  ]);
});

test("a large photo gets a small copy of the size that fits", async () => {
  const drawn: number[][] = [];
  expect((await smallCopy(blob(4_000_000), tools(4032, 3024, 300_000, drawn)))?.size).toBe(300_000);
  expect(drawn).toEqual([[1600, 1200]]);
});

test("a small picture goes as it is, a heavy one of small size is drawn anew", async () => {
  expect(await smallCopy(blob(500_000), tools(1200, 900, 10))).toBeUndefined();
  expect((await smallCopy(blob(700_000), tools(1200, 900, 10)))?.size).toBe(10);
});

test("no copy where it would be larger, cannot be drawn or cannot be read", async () => {
  expect(await smallCopy(blob(900_000), tools(4000, 3000, 900_000))).toBeUndefined();
  expect(await smallCopy(blob(900_000), tools(4000, 3000, -1))).toBeUndefined();
  expect(await smallCopy(blob(900_000), { ...tools(1, 1, 1), decode: async () => { throw new Error("heic"); } })).toBeUndefined();
});
