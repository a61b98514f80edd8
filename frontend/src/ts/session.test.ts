import { beforeEach, expect, test, vi } from "vitest";
import { renew, start } from "./session";

const page = (person: string): string => `<body${person ? ` data-person="${person}"` : ""} hx-headers='{"X-CSRFToken": "fresh"}'></body>`;
const answers = (html: string, ok = true): typeof fetch => (() => Promise.resolve({ ok, text: () => Promise.resolve(html) })) as unknown as typeof fetch;
const token = (): string => (document.querySelector("[name=csrfmiddlewaretoken]") as HTMLInputElement).value;
const note = (): HTMLElement | null => document.querySelector("[data-request-note]");
const refused = (status: number, responseText = ""): boolean =>
  document.body.dispatchEvent(new CustomEvent("htmx:responseError", { bubbles: true, detail: { xhr: { status, responseText } } }));

start();
beforeEach(() => {
  document.body.dataset["person"] = "7";
  document.body.setAttribute("hx-headers", '{"X-CSRFToken": "old"}');
  document.body.innerHTML = '<input name="csrfmiddlewaretoken" value="old"><div id="cw-toasts" data-signed-out="已退出" data-signed-in="再做一次" data-another="换了人" data-sign-in="/account/login/" data-sign-in-label="登录" data-close-label="关闭"></div>';
});

test("the same person's new token is taken, another's is not", async () => {
  expect(await renew(answers(page("8")))).toBe("other");
  expect(await renew(answers(page("")))).toBe("out");
  expect(await renew(answers("", false))).toBe("out");
  expect(token()).toBe("old");
  expect(await renew(answers(page("7")))).toBe("same");
  expect([token(), document.body.getAttribute("hx-headers")]).toEqual(["fresh", '{"X-CSRFToken": "fresh"}']);
});

test("signed out: the page says so and leads to signing in beside it; back again it takes the token and is quiet", async () => {
  refused(401);
  expect(note()?.firstChild?.textContent).toBe("已退出");
  expect([note()?.querySelector("a")?.target, note()?.querySelector("a")?.getAttribute("href")]).toEqual(["_blank", "/account/login/"]);
  vi.stubGlobal("fetch", answers(page("7")));
  document.dispatchEvent(new Event("visibilitychange"));
  await vi.waitFor(() => expect(note()).toBeNull());
  expect(token()).toBe("fresh");
});

test("a token of an earlier session is renewed and the person asked to do it once more", async () => {
  vi.stubGlobal("fetch", answers(page("7")));
  refused(403, "<body data-interrupts>");
  await vi.waitFor(() => expect(note()?.firstChild?.textContent).toBe("再做一次"));
  expect(token()).toBe("fresh");
});

test("somebody else's session is told", async () => {
  vi.stubGlobal("fetch", answers(page("8")));
  refused(403, "<body data-interrupts>");
  await vi.waitFor(() => expect(note()?.firstChild?.textContent).toBe("换了人"));
});

test("a refusal for another reason is not taken for an old token", () => {
  refused(403, "<body>没有权限</body>");
  expect(note()).toBeNull();
});
