import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { OutboxPage } from "./outbox-page";
import { Outbox } from "./outbox";
import { MemoryPhotos, type Shot } from "./photo-store";

const VISIT = "11111111-1111-4111-8111-111111111111";
beforeEach(() => {
  localStorage.clear();
  document.body.innerHTML = `<div id="r" data-user="7" data-login="/login/" data-visit-url="/field/00000000-0000-0000-0000-000000000000/"><span hidden data-visit-name="${VISIT}">东关农贸市场</span>
    <div data-outbox-some hidden><b data-outbox-number></b><span data-outbox-title></span></div><section data-outbox-empty hidden></section><section data-outbox-card hidden><ul data-outbox-rows></ul></section>
    <div data-outbox-frail hidden></div><button data-outbox-retry hidden></button><p data-outbox-space></p></div>
    <template data-outbox-words data-title="处还没有到服务器" data-originals-title="处还有原图" data-answers="{n}项" data-started="已开始" data-photos="{n}图，{mb} MB" data-originals="原图{n}张，{mb} MB" data-waiting="等网络" data-idle="只在手机上" data-wifi="原图等Wi-Fi" data-signed-out="请重新登录" data-refused="没有收下" data-unknown="别的日子" data-space="还剩{gb} GB"></template>`;
});
afterEach(() => { vi.unstubAllGlobals(); });

const shot = (more: Partial<Shot> = {}): Shot => ({ uid: "s", owner: `7:${VISIT}`, check: 1, blob: new Blob([new Uint8Array(1_500_000)]), name: "a.jpg", at: "1", longitude: null, latitude: null, ...more });
const entry = { uid: "u", check: 1, value: "met", reason: "", count: null, note: "", at: "1" };
const text = (name: string): string => document.querySelector(`[data-outbox-${name}]`)?.textContent ?? "";
const hidden = (name: string): boolean => (document.querySelector(`[data-outbox-${name}]`) as HTMLElement).hidden;
async function opened(photos: MemoryPhotos, fetcher: typeof fetch): Promise<OutboxPage> {
  const page = new OutboxPage(document.getElementById("r") as HTMLElement, photos, fetcher);
  await page.open();
  return page;
}
const offline = (async () => { throw new TypeError("no network"); }) as unknown as typeof fetch;
const server = (async (url: string) => new Response(JSON.stringify(String(url).endsWith("answers/") ? { kept: ["u"] } : { url: "/p.jpg" }))) as unknown as typeof fetch;

test("nothing on the phone: the page says so", async () => {
  await opened(new MemoryPhotos(), server);
  expect([hidden("empty"), hidden("card"), hidden("retry")]).toEqual([false, true, true]);
});

test("without a network each visit has its line, of this person alone, and trying again empties it", async () => {
  new Outbox(localStorage, "7", VISIT).add(entry);
  new Outbox(localStorage, "8", "2").add(entry);
  const photos = new MemoryPhotos();
  await photos.put(shot());
  await photos.put(shot({ uid: "t", owner: "8:2" }));
  await opened(photos, offline);
  expect([text("number"), text("title")]).toEqual(["1", "处还没有到服务器"]);
  expect(text("rows")).toBe("东关农贸市场1项 · 1图，1.5 MB等网络");
  expect(document.querySelector<HTMLAnchorElement>("[data-outbox-rows] a")?.getAttribute("href")).toBe(`/field/${VISIT}/`);
  await opened(photos, server);
  expect([hidden("empty"), (await photos.all()).map((one) => one.uid)]).toEqual([false, ["t"]]);
});

test("the start of a visit waits too and is no answer", async () => {
  const outbox = new Outbox(localStorage, "7", VISIT);
  outbox.setStart({ at: "1", longitude: null, latitude: null } as Parameters<Outbox["setStart"]>[0]);
  await opened(new MemoryPhotos(), offline);
  expect(text("rows")).toBe("东关农贸市场已开始等网络");
  outbox.add(entry);
  await opened(new MemoryPhotos(), offline);
  expect(text("rows")).toBe("东关农贸市场1项等网络");
});

test("originals wait on a metered line and go when asked to", async () => {
  vi.stubGlobal("navigator", { ...navigator, onLine: true, connection: { type: "cellular" }, storage: undefined });
  const photos = new MemoryPhotos();
  await photos.put(shot({ copySent: true }));
  const page = await opened(photos, server);
  expect([text("title"), text("rows")]).toEqual(["处还有原图", "东关农贸市场原图1张，1.5 MB原图等Wi-Fi"]);
  await page.retry(true);
  expect([await photos.all(), hidden("empty")]).toEqual([[], false]);
});

test("signed out leads to the sign-in, a refusal shows its words", async () => {
  new Outbox(localStorage, "7", VISIT).add(entry);
  await opened(new MemoryPhotos(), (async () => new Response("", { status: 403 })) as unknown as typeof fetch);
  expect(document.querySelector<HTMLAnchorElement>("[data-outbox-rows] li > a")?.getAttribute("href")).toBe("/login/");
  await opened(new MemoryPhotos(), (async () => new Response('{"refusal": "这次考察已经结束"}', { status: 409 })) as unknown as typeof fetch);
  expect(text("rows")).toBe("东关农贸市场1项这次考察已经结束没有收下");
});

test("room on the phone is told, and a browser that keeps nothing for sure is named", async () => {
  new Outbox(localStorage, "7", VISIT).add(entry);
  vi.stubGlobal("navigator", { onLine: true, storage: { persist: async () => false, estimate: async () => ({ quota: 4e9, usage: 9e8 }) } });
  await opened(new MemoryPhotos(), offline);
  expect([text("space"), hidden("frail")]).toEqual(["还剩3.1 GB", false]);
});
