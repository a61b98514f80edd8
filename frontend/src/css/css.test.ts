import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const folder = import.meta.dirname;
const files = readdirSync(folder).filter((name) => name.endsWith(".css") || name.endsWith(".scss"));
const text = (name: string): string => readFileSync(join(folder, name), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");

test("hex colours stand in tokens.css alone", () => {
  const faults = files
    .filter((name) => name !== "tokens.css")
    .flatMap((name) => [...text(name).matchAll(/#[0-9a-f]{3,8}\b/gi)].map((hit) => `${name}: ${hit[0]}`));
  expect(faults).toEqual([]);
});

test("no component reads Tabler's variables or names one of ours that does not exist", () => {
  const known = new Set([...text("tokens.css").matchAll(/(--cw-[\w-]+):/g)].map((hit) => hit[1]));
  const faults = files
    .filter((name) => name !== "tokens.css")
    .flatMap((name) => [...text(name).matchAll(/var\((--[\w-]+)/g)].filter((hit) => !known.has(hit[1])).map((hit) => `${name}: ${hit[1]}`));
  expect(faults).toEqual([]);
});

test("nothing is fetched from elsewhere", () => {
  expect(files.filter((name) => /url\(|https?:/.test(text(name)))).toEqual([]);
});
