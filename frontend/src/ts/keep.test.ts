import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Keeper, type Answer } from "./keep";

const PAGE = `<form data-keep="/save/" data-keep-theirs="用对方的" data-keep-mine="用我的"><input type="hidden" name="csrfmiddlewaretoken" value="t">
<span data-autosave data-saving="正在保存" data-saved="已保存 {time}" data-part="除标出的以外已保存" data-failed="还没有存上"></span><span data-keep-sum></span>
<div data-keep-line="0"><input type="hidden" name="seen_0" value="0"><input name="points_0" value="60"><input name="basis_0" value="甲"><div data-keep-says hidden></div></div>
<div data-keep-line="report"><input type="hidden" name="seen_report" value="2"><textarea name="self_report">旧</textarea><div data-keep-says hidden></div></div></form>`;
let sent: FormData[];
let answers: (Partial<Answer> | Error | number)[];

const fetcher = vi.fn(async (_url: RequestInfo | URL, init?: RequestInit) => {
  sent.push(init?.body as FormData);
  const answer = answers.shift() ?? {};
  if (answer instanceof Error) throw answer;
  if (typeof answer === "number") return new Response(JSON.stringify({ error: "已经报出去了" }), { status: answer });
  return new Response(JSON.stringify({ saved: {}, refused: {}, clashes: {}, sum: "", ...answer }));
});
const form = (): HTMLFormElement => document.querySelector("form") as HTMLFormElement;
const field = (name: string): HTMLInputElement => document.querySelector(`[name=${name}]`) as HTMLInputElement;
const place = (): string => document.querySelector("[data-autosave]")?.textContent ?? "";
const says = (): HTMLElement => document.querySelector("[data-keep-says]") as HTMLElement;

function keeper(): Keeper {
  const made = new Keeper(form(), fetcher, sessionStorage);
  made.begin();
  return made;
}
function type(name: string, value: string): void {
  field(name).value = value;
  field(name).dispatchEvent(new Event("input", { bubbles: true }));
}

afterEach(() => { vi.useRealTimers(); }); // all files share one window
beforeEach(() => {
  vi.useFakeTimers();
  sessionStorage.clear();
  document.body.innerHTML = PAGE;
  [sent, answers] = [[], []];
});

test("a moment after the last letter the line is sent with the revision that was seen, and nothing else", async () => {
  const made = keeper();
  answers = [{ saved: { "0": 1 }, sum: "自评 55" }];
  type("points_0", "5");
  type("points_0", "55");
  await vi.advanceTimersByTimeAsync(1300);
  expect(sent.map((one) => Object.fromEntries(one))).toEqual([{ csrfmiddlewaretoken: "t", seen_0: "0", points_0: "55", basis_0: "甲" }]);
  expect([field("seen_0").value, made.waiting, document.querySelector("[data-keep-sum]")?.textContent]).toEqual(["1", [], "自评 55"]);
  expect(place()).toMatch(/^已保存 \d\d:\d\d$/);
  expect(sessionStorage.length).toBe(0);
});

test("what the network did not take is tried again and survives a reload", async () => {
  const made = keeper();
  answers = [new Error("offline"), { saved: { report: 3 } }];
  type("self_report", "新");
  await vi.advanceTimersByTimeAsync(1300);
  expect([place(), made.waiting]).toEqual(["还没有存上", ["report"]]);
  const kept = sessionStorage.getItem("cw-keep:/save/") ?? "";
  document.body.innerHTML = PAGE; // the page is loaded anew
  expect(kept).not.toBe("");
  const again = keeper();
  expect([field("self_report").value, again.waiting]).toEqual(["新", ["report"]]);
  await vi.advanceTimersByTimeAsync(10);
  expect([field("seen_report").value, sessionStorage.length]).toEqual(["3", 0]);
});

test("a failing network is tried again by itself", async () => {
  keeper();
  answers = [500, { saved: { "0": 1 } }];
  type("points_0", "55");
  await vi.advanceTimersByTimeAsync(1300);
  expect(place()).toBe("还没有存上");
  await vi.advanceTimersByTimeAsync(3100);
  expect(sent.length).toBe(2);
  expect(place()).toMatch(/^已保存/);
});

test("letters typed while a line is under way are sent after it", async () => {
  const made = keeper();
  type("points_0", "5");
  answers = [{ saved: { "0": 1 } }, { saved: { "0": 2 } }];
  const first = made.send();
  type("points_0", "56");
  await first;
  expect(made.waiting).toEqual(["0"]);
  await vi.advanceTimersByTimeAsync(1300);
  expect([sent[1]?.get("points_0"), sent[1]?.get("seen_0"), made.waiting]).toEqual(["56", "1", []]);
});

test.each([
  ["用对方的", "36", "乙", 1],
  ["用我的", "55", "甲", 2],
])("a line that somebody else wrote is shown, and %s", async (way, points, basis, requests) => {
  keeper();
  answers = [{ clashes: { "0": { words: "王芳 10:31 改过", values: { points_0: "36", basis_0: "乙" }, revision: 4 } } }, { saved: { "0": 5 } }];
  type("points_0", "55");
  await vi.advanceTimersByTimeAsync(1300);
  expect([says().hidden, says().textContent, place()]).toEqual([false, "王芳 10:31 改过 用对方的 用我的", "除标出的以外已保存"]);
  [...says().querySelectorAll("button")].find((one) => one.textContent === way)?.click();
  await vi.advanceTimersByTimeAsync(10);
  expect([field("points_0").value, field("basis_0").value, sent.length]).toEqual([points, basis, requests]);
  if (requests === 2) expect(sent[1]?.get("seen_0")).toBe("4");
  expect(says().hidden).toBe(true);
});

test("what cannot be right is told at its line", async () => {
  keeper();
  answers = [{ refused: { "0": "最多60分" } }];
  type("points_0", "61");
  await vi.advanceTimersByTimeAsync(1300);
  expect([says().textContent, field("points_0").value]).toEqual(["最多60分", "61"]);
});

test("what was handed in meanwhile is said and not tried again", async () => {
  keeper();
  answers = [409];
  type("points_0", "55");
  await vi.advanceTimersByTimeAsync(60000);
  expect([place(), sent.length]).toEqual(["已经报出去了", 1]);
});

test("the whole form waits for what is under way", async () => {
  const made = keeper();
  const submits = vi.spyOn(form(), "requestSubmit").mockImplementation(() => undefined);
  type("points_0", "55");
  answers = [{ saved: { "0": 1 } }];
  const first = made.send();
  const event = new Event("submit", { cancelable: true, bubbles: true });
  form().dispatchEvent(event);
  expect(event.defaultPrevented).toBe(true);
  await first;
  await vi.advanceTimersByTimeAsync(0);
  expect([submits.mock.calls.length, field("seen_0").value]).toEqual([1, "1"]);
});
