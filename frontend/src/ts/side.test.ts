import { expect, test } from "vitest";
import { scrollFor, start } from "./side";

const group = (key: string, folded: boolean): string =>
  `<div class="cw-side__group${folded ? " is-folded" : ""}" data-fold-group="${key}"><h2><button class="cw-side__fold" aria-expanded="${!folded}">x</button></h2></div>`;

test("a group folds and opens, says so, and all that are folded are kept under the person's own name", () => {
  document.body.innerHTML = `<nav data-folds="cw_folded_7"><div class="cw-side__group"></div>${group("standards", true)}${group("results", false)}</nav>`;
  start();
  const standards = document.querySelector("[data-fold-group=standards] button") as HTMLElement;
  const results = document.querySelector("[data-fold-group=results] button") as HTMLElement;
  results.click();
  expect(results.getAttribute("aria-expanded")).toBe("false");
  expect(results.closest("div")?.className).toContain("is-folded");
  expect(document.cookie).toContain("cw_folded_7=standards.results");
  standards.click();
  expect(standards.getAttribute("aria-expanded")).toBe("true");
  results.click();
  expect(document.cookie).toMatch(/cw_folded_7=(;|$)/);
});

test("an entry below the edge is brought to the middle, one in sight is left where it is", () => {
  expect([scrollFor(100, 132, 900), scrollFor(950, 982, 900)]).toEqual([0, 500]);
});
