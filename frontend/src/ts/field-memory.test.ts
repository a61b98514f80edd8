import { beforeEach, expect, test } from "vitest";
import { KnownAnswers, nameOf, rememberName } from "./field-memory";

beforeEach(() => localStorage.clear());
const met = { value: "met", reason: "", count: null, note: "" };

test("a page that was kept knows the answers given on it, the server's next one begins anew", () => {
  new KnownAnswers(localStorage, "7", "v", "10:00").set(3, met);
  expect(new KnownAnswers(localStorage, "7", "v", "10:00").all()).toEqual([[3, met]]);
  const again = new KnownAnswers(localStorage, "7", "v", "10:00");
  again.addPhoto({ uid: "p", check: 3, url: "/p.jpg" });
  again.addPhoto({ uid: "q", check: 4, url: "/q.jpg" });
  again.set(3, { ...met, value: "" });
  expect(new KnownAnswers(localStorage, "7", "v", "10:00").photos().map((one) => one.uid)).toEqual(["q"]);
  again.dropPhoto("q");
  expect(new KnownAnswers(localStorage, "7", "v", "10:00").photos()).toEqual([]);
  expect(new KnownAnswers(localStorage, "8", "v", "10:00").all()).toEqual([]);
  expect(new KnownAnswers(localStorage, "7", "v", "11:00", Date.now() + 1).all()).toEqual([]);
});

test("broken or forbidden storage is no hindrance", () => {
  localStorage.setItem("cw-known:7:v", "{");
  expect(new KnownAnswers(localStorage, "7", "v", "x").all()).toEqual([]);
  const known = new KnownAnswers(undefined, "7", "v", "x");
  known.set(1, met);
  expect(known.all()).toEqual([[1, met]]);
  const full = { getItem: () => null, setItem: () => { throw new Error("full"); } } as unknown as Storage;
  rememberName(full, "v", "东关农贸市场");
  new KnownAnswers(full, "7", "v", "x").set(1, met);
  expect(nameOf(undefined, "v")).toBe("");
});

test("names are kept for the outbox", () => {
  rememberName(localStorage, "v", "东关农贸市场");
  rememberName(localStorage, "w", "");
  expect([nameOf(localStorage, "v"), nameOf(localStorage, "w")]).toEqual(["东关农贸市场", ""]);
});

test("what the server acknowledged after a page was asked for is shown on it, whatever the page says", () => {
  const asked = Date.now();
  const known = new KnownAnswers(localStorage, "7", "v", "10:00", asked);
  known.set(3, met);
  known.acknowledged();
  expect(new KnownAnswers(localStorage, "7", "v", "10:01", asked).all()).toEqual([[3, met]]);
  expect(new KnownAnswers(localStorage, "7", "v", "10:02", Date.now() + 1).all()).toEqual([]);
});
