import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { FieldPage } from "./field";
import { KnownAnswers } from "./field-memory";
import { PhotoPart } from "./field-photos";
import { MemoryPhotos, type Shot } from "./photo-store";

beforeEach(() => {
  document.body.innerHTML = '<section data-check="1"><span data-thumbs></span><span data-photo-state></span></section>';
  URL.createObjectURL = () => "blob:x";
  URL.revokeObjectURL = () => undefined;
});
afterEach(() => { vi.unstubAllGlobals(); });
const shot: Shot = { uid: "s", owner: "7:v", check: 1, blob: new Blob(["x"]), name: "a.jpg", at: "1", longitude: null, latitude: null };
const counts: number[] = [];
const known = (): KnownAnswers => new KnownAnswers(undefined, "7", "v", "x");
const page = (memory = known()): FieldPage => ({
  known: memory,
  card: () => document.querySelector("[data-check]"),
  state: { checks: [{ id: 1, photo: "always" }], setPhotos: (_check: number, number: number) => counts.push(number) },
  chip: { words: (key: string) => key }, showAll: () => undefined, sender: { kick: async () => undefined },
}) as unknown as FieldPage;
const durable = (): MemoryPhotos => Object.assign(new MemoryPhotos(), { durable: true }) as unknown as MemoryPhotos;
async function restored(store: MemoryPhotos): Promise<PhotoPart> {
  await store.put(shot);
  const part = new PhotoPart(page(), store, "7:v", "/p/");
  await part.restore();
  return part;
}

test("a photo on the phone is shown after loading and replaced by the server's copy", async () => {
  const part = await restored(durable());
  expect([document.querySelectorAll("[data-shot]").length, counts.at(-1), document.querySelector("[data-photo-state]")?.textContent]).toEqual([1, 1, "photo-kept"]);
  part.sent(shot, "/p/s.jpg");
  expect([document.querySelector("img")?.getAttribute("src"), document.querySelector("[data-photo-state]")?.textContent]).toEqual(["/p/s.jpg", "photo-sent"]);
});

test("a photo is shown once it is kept; where the phone keeps nothing it says to stay on the page", async () => {
  const store = new MemoryPhotos();
  const input = document.createElement("input");
  Object.defineProperty(input, "files", { value: [new File(["x"], "a.jpg")] });
  const order: string[] = [];
  store.put = async (one) => { order.push(`kept, ${document.querySelectorAll("[data-shot]").length} shown`); await MemoryPhotos.prototype.put.call(store, one); };
  vi.stubGlobal("navigator", {});
  await new PhotoPart(page(), store, "7:v", "/p/").take(1, input);
  expect([order[0], document.querySelectorAll("[data-shot]").length, document.querySelector("[data-photo-state]")?.textContent]).toEqual(["kept, 0 shown", 1, "frail"]);
});

test("removing takes it from the phone, or from the server where it is already there", async () => {
  const store = new MemoryPhotos();
  const part = await restored(store);
  await part.remove(1, "s");
  expect([(await store.of("7:v")).length, document.querySelectorAll("[data-shot]").length, counts.at(-1)]).toEqual([0, 0, 0]);
  await restored(store);
  await store.remove("s");
  const calls: string[] = [];
  vi.stubGlobal("fetch", async (url: string) => { calls.push(url); return new Response("{}", { status: calls.length > 1 ? 200 : 503 }); });
  await part.remove(1, "s");
  expect(document.querySelectorAll("[data-shot]").length).toBe(1);
  await part.remove(1, "s");
  expect([calls, document.querySelectorAll("[data-shot]").length]).toEqual([["/p/s/remove/", "/p/s/remove/"], 0]);
});

test("an undone answer or a refused file takes its photos along", async () => {
  const store = new MemoryPhotos();
  const part = await restored(store);
  await part.forgetAll(1);
  expect([(await store.of("7:v")).length, document.querySelectorAll("[data-shot]").length]).toEqual([0, 0]);
  await restored(store);
  part.forget(shot);
  expect(document.querySelectorAll("[data-shot]").length).toBe(0);
});

test("a photo whose original still follows is taken from the server and from the phone", async () => {
  const store = new MemoryPhotos();
  await store.put({ ...shot, copySent: true });
  const part = new PhotoPart(page(), store, "7:v", "/p/");
  await part.restore();
  expect(document.querySelector("[data-photo-state]")?.textContent).toBe("copy-sent");
  const calls: string[] = [];
  vi.stubGlobal("fetch", async (url: string) => { calls.push(url); return new Response("{}"); });
  await part.remove(1, "s");
  expect([calls, await store.all(), document.querySelectorAll("[data-shot]").length]).toEqual([["/p/s/remove/"], [], 0]);
});

test("a photo that the page shows already is not shown twice", async () => {
  document.querySelector("[data-thumbs]")?.insertAdjacentHTML("beforeend", '<span data-shot="s"></span>');
  await restored(new MemoryPhotos());
  expect(document.querySelectorAll("[data-shot]").length).toBe(1);
});

test("a page that was kept shows the photos which the server already has, until they are removed", async () => {
  const memory = known();
  await new PhotoPart(page(memory), new MemoryPhotos(), "7:v", "/p/").restore();
  const part = new PhotoPart(page(memory), new MemoryPhotos(), "7:v", "/p/");
  part.sent(shot, "/p/s.jpg");
  await part.restore();
  expect([document.querySelector("img")?.getAttribute("src"), counts.at(-1)]).toEqual(["/p/s.jpg", 1]);
  vi.stubGlobal("fetch", async () => new Response("{}"));
  await part.remove(1, "s");
  expect(memory.photos()).toEqual([]);
});
