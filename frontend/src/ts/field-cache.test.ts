import { expect, test } from "vitest";
import { answer, kindOf, type Kept } from "./field-cache";

const ORIGIN = "https://yunxi.example";
const asked = (path: string, more = {}) => ({ method: "GET", url: ORIGIN + path, mode: "navigate", destination: "document", ...more });

class Memory implements Kept {
  readonly pages = new Map<string, Response>();
  async match(request: RequestInfo): Promise<Response | undefined> { return this.pages.get(String(request))?.clone(); }
  async put(request: RequestInfo, response: Response): Promise<void> { this.pages.set(String(request), response); }
  async clear(): Promise<void> { this.pages.clear(); }
}

test("only the field's own pages and the parts of pages are kept", () => {
  const kinds = [
    asked("/field/"), asked("/field/manual/"), asked("/desk/"), asked("/field/x/finish/", { method: "POST" }),
    asked("/static/main.js", { mode: "cors", destination: "script" }), asked("/static/icons.svg", { mode: "same-origin", destination: "image" }),
    asked("/files/x/small.jpg", { mode: "no-cors", destination: "image" }), asked("/field/x/answers/", { mode: "cors", destination: "" }),
  ].map((one) => kindOf(one, ORIGIN));
  expect(kinds).toEqual(["page", "page", "", "", "part", "part", "", ""]);
  expect(kindOf({ ...asked("/field/"), url: "https://else.example/field/" }, ORIGIN)).toBe("");
});

const request = new Request(`${ORIGIN}/field/manual/`);

test("the network comes first and is kept for the time without one", async () => {
  const kept = new Memory();
  expect(await (await answer(request, "page", kept, async () => new Response("one"))).text()).toBe("one");
  const offline = async (): Promise<Response> => { throw new TypeError("no network"); };
  expect(await (await answer(request, "page", kept, offline)).text()).toBe("one");
  await expect(answer(new Request(`${ORIGIN}/field/`), "page", kept, offline)).rejects.toThrow("no network");
});

test("a signal too weak counts as none, unless nothing is kept", async () => {
  const kept = new Memory();
  const weak = (): Promise<Response> => new Promise((resolve) => { setTimeout(() => resolve(new Response("late")), 30); });
  expect(await (await answer(request, "page", kept, weak, 5)).text()).toBe("late");
  kept.pages.set(request.url, new Response("kept"));
  expect(await (await answer(request, "page", kept, weak, 5)).text()).toBe("kept");
});

test("a fault of the server is shown and never kept; being signed out empties the store", async () => {
  const kept = new Memory();
  kept.pages.set(request.url, new Response("mine"));
  expect((await answer(request, "page", kept, async () => new Response("", { status: 500 }))).status).toBe(500);
  expect(kept.pages.size).toBe(1);
  await answer(request, "page", kept, async () => new Response("", { status: 403 }));
  expect(kept.pages.size).toBe(0);
});
