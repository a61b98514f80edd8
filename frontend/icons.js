// Builds icons.svg: the Tabler icons named in src/icons.txt and our own shapes from src/shapes.svg.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export function iconNames(text) {
  return text.split("\n").map((line) => line.trim()).filter((line) => line && !line.startsWith("#"));
}

export function symbolOf(name, svg) {
  const body = svg
    .replace(/^[\s\S]*?<svg[\s\S]*?>/, "")
    .replace(/<\/svg>[\s\S]*$/, "")
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "")
    .replace(/\s*\n\s*/g, "");
  return `<symbol id="${name}" viewBox="0 0 24 24">${body}</symbol>`;
}

export function buildSprite(root) {
  const names = iconNames(readFileSync(join(root, "src/icons.txt"), "utf8"));
  const symbols = names.map((name) =>
    symbolOf(name, readFileSync(join(root, "node_modules/@tabler/icons/icons/outline", `${name}.svg`), "utf8")),
  );
  const shapes = readFileSync(join(root, "src/shapes.svg"), "utf8").match(/<symbol[\s\S]*?<\/symbol>/g) ?? [];
  return `<svg xmlns="http://www.w3.org/2000/svg">${[...symbols, ...shapes].join("")}</svg>\n`;
}

// The mark as a file of its own, for the browser's tab: there no page lends it a colour, so the tokens do.
export function buildSeal(root) {
  const tokens = readFileSync(join(root, "src/css/tokens.css"), "utf8");
  const token = (name) => tokens.match(new RegExp(`${name}:\\s*([^;]+);`))[1];
  const body = readFileSync(join(root, "src/shapes.svg"), "utf8").match(/<symbol id="seal"[^>]*>([\s\S]*?)<\/symbol>/)[1];
  const drawn = body.replaceAll("currentColor", token("--cw-brand")).replaceAll("var(--cw-on-brand)", token("--cw-on-brand"));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 26 26">${drawn}</svg>\n`;
}

export function iconSprite(root) {
  return {
    name: "chuangwen-icons",
    apply: "build",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "icons.svg", source: buildSprite(root) });
      this.emitFile({ type: "asset", fileName: "seal.svg", source: buildSeal(root) });
    },
  };
}
