import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { copyFrom } from "./copy";

let written: string[];

beforeEach(() => {
  written = [];
  vi.useFakeTimers();
  vi.stubGlobal("isSecureContext", true);
  Object.defineProperty(navigator, "clipboard", {
    configurable: true,
    value: { writeText: (text: string) => (text === "no" ? Promise.reject(new Error("no")) : Promise.resolve(void written.push(text))) },
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function button(html: string): HTMLElement {
  document.body.innerHTML = html;
  return document.querySelector("button") as HTMLElement;
}

test("data-copy is copied and the button says so for two seconds", async () => {
  const one = button('<button data-copy="市城管局：2件" data-copied="已复制"><span>复制</span></button>');
  await copyFrom(one);
  expect(written).toEqual(["市城管局：2件"]);
  expect(one.textContent).toBe("已复制");
  vi.advanceTimersByTime(2000);
  expect(one.textContent).toBe("复制");
});

test("data-copy-from takes the text of the named element", async () => {
  await copyFrom(button('<button data-copy-from="text"><span>x</span></button><p id="text"> 第一行 </p>'));
  expect(written).toEqual(["第一行"]);
});

test("data-copy-from fetches an address", async () => {
  vi.stubGlobal("fetch", async (address: string) => new Response(`从${address}`));
  await copyFrom(button('<button data-copy-from="?format=message"><span>x</span></button>'));
  expect(written).toEqual(["从?format=message"]);
});

test("a source that fails copies nothing and says how to go on", async () => {
  vi.stubGlobal("fetch", async () => new Response("", { status: 500 }));
  const one = button('<button data-copy-from="/x" data-copy-failed="请手动复制"><span>x</span></button>');
  await copyFrom(one);
  expect(written).toEqual([]);
  expect(one.textContent).toBe("请手动复制");
});
