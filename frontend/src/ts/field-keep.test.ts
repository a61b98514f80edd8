import { afterEach, expect, test, vi } from "vitest";
import { STORE } from "./field-cache";
import { PAGES, keepNow, keepPages, partsOf } from "./field-keep";

afterEach(() => { vi.unstubAllGlobals(); });

test("pages and worker keep in the same store", () => {
  expect(PAGES).toBe(STORE);
});

test("a page is made of its scripts, styles and icons", () => {
  const parts: Record<string, unknown[]> = {
    "script[src]": [{ src: "https://yunxi.example/s/main.js" }], 'link[rel="stylesheet"]': [{ href: "https://yunxi.example/s/main.css" }],
    use: [{ getAttribute: () => "/s/icons.svg#walk" }],
  };
  const page = { baseURI: "https://yunxi.example/field/", querySelectorAll: (which: string) => parts[which] } as unknown as Document;
  expect(partsOf(page)).toEqual(["main.js", "main.css", "icons.svg"].map((name) => `https://yunxi.example/s/${name}`));
});

test("the worker begins and what is named is kept; a browser without workers is left alone", async () => {
  await keepPages(["/field/manual/"]);
  const began: string[] = [];
  const kept = new Map<string, Response>();
  vi.stubGlobal("navigator", { serviceWorker: { register: async (url: string) => { began.push(url); } } });
  vi.stubGlobal("caches", { open: async () => ({ match: async (url: string) => kept.get(url), put: async (url: string, one: Response) => { kept.set(url, one); } }) });
  vi.stubGlobal("fetch", async () => new Response("page"));
  document.body.innerHTML = "";
  await keepPages(["/field/manual/", ""]);
  expect([began, [...kept.keys()].filter((url) => url.endsWith("/field/manual/")).length]).toEqual([["/field/worker.js"], 1]);
});

test("what is not kept yet is fetched once; a sign-in page or a fault is not kept", async () => {
  const pages = new Map<string, Response>([["/a", new Response("old")]]);
  const kept = { match: async (url: RequestInfo) => pages.get(String(url)), put: async (url: RequestInfo, one: Response) => { pages.set(String(url), one); } };
  const asked: string[] = [];
  const turned = Object.defineProperty(new Response("sign in"), "redirected", { value: true });
  await keepNow(["/a", "/b", "/b", "/c", "/d", "/e"], kept, async (url) => {
    asked.push(url);
    if (url === "/e") throw new TypeError("no network");
    return url === "/c" ? turned : new Response("new", { status: url === "/d" ? 500 : 200 });
  });
  expect([asked, [...pages.keys()]]).toEqual([["/b", "/c", "/d", "/e"], ["/a", "/b"]]);
});
