import { beforeEach, expect, test } from "vitest";
import { Outbox, newUid, visitsKept, type Entry } from "./outbox";

beforeEach(() => localStorage.clear());
const entry = (uid: string, check = 1): Entry => ({ uid, check, value: "met", reason: "", count: null, note: "", at: "2026-11-18T09:00:00+08:00" });

test("what was tapped is there after the page is loaded again", () => {
  const box = new Outbox(localStorage, "7", "v1");
  box.setStart({ at: "t", longitude: 1, latitude: 2 });
  box.add(entry("a"));
  box.add(entry("b", 2));
  const again = new Outbox(localStorage, "7", "v1");
  expect(again.entries().map((one) => one.uid)).toEqual(["a", "b"]);
  expect(again.start()).toEqual({ at: "t", longitude: 1, latitude: 2 });
  expect(again.size()).toBe(3);
});

test("only what was acknowledged is forgotten, what came meanwhile stays", () => {
  const box = new Outbox(localStorage, "7", "v1");
  box.setStart({ at: "t", longitude: null, latitude: null });
  box.add(entry("a"));
  box.add(entry("b"));
  box.drop(["a"], true);
  expect([box.entries().map((one) => one.uid), box.start()]).toEqual([["b"], null]);
  box.drop(["b"], false);
  expect(localStorage.length).toBe(0);
});

test("another person and another visit see nothing of it", () => {
  new Outbox(localStorage, "7", "v1").add(entry("a"));
  expect(new Outbox(localStorage, "8", "v1").size()).toBe(0);
  expect(new Outbox(localStorage, "7", "v2").size()).toBe(0);
  expect([visitsKept(localStorage, "7"), visitsKept(localStorage, "8")]).toEqual([["v1"], []]);
});

test("a full or forbidden store is said, and nothing is lost while the page is open", () => {
  const full = { getItem: () => null, removeItem: () => undefined, setItem: () => { throw new Error("full"); } } as unknown as Storage;
  for (const storage of [full, undefined]) {
    const box = new Outbox(storage, "7", "v1");
    box.add(entry("a"));
    expect([box.durable, box.entries().length]).toEqual([false, 1]);
  }
});

test("a damaged store counts as empty", () => {
  localStorage.setItem("cw-outbox:7:v1", "{");
  expect(new Outbox(localStorage, "7", "v1").size()).toBe(0);
});

test("names are random UUIDs with and without the browser's own function", () => {
  const form = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  expect(newUid()).toMatch(form);
  const own = crypto.randomUUID;
  Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
  expect(newUid()).toMatch(form);
  Object.defineProperty(crypto, "randomUUID", { value: own, configurable: true });
});
