import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FieldPage, start } from "./field";
import type { Entry } from "./outbox";
import { MemoryPhotos } from "./photo-store";

const check = (id: number, photo = "if-not-met", more = ""): string => `
  <section data-check="${id}" data-photo="${photo}" data-value="" data-reason="" data-note="" data-count="" data-limit="占道经营，限1个工作日" data-due="11月19日17:30">
    <p class="cw-check__text"><span>第${id}项</span></p>${more}
    <input type="radio" name="c${id}" value="met"><input type="radio" name="c${id}" value="not-met">
    <button data-more aria-expanded="false"></button>
    <div data-more-part hidden><input type="radio" name="c${id}" value="not-applicable"><input type="radio" name="c${id}" value="not-observable"></div>
    <div data-reasons hidden><button data-reason-choice="下雨"></button><input data-reason-input></div>
    <div data-proof-part hidden><span data-thumbs></span><input type="file" data-shoot><span data-photo-state></span><div data-limit-words></div><input data-note-input></div>
  </section>`;
const group = (name: string, inside: string): string => `<div data-group><section data-folded hidden><b>${name}</b><span data-folded-words></span><button data-unfold></button></section>
  <div data-unfolded><h2>${name} <span data-group-answered></span></h2><button data-all-met></button>${inside}</div></div>`;
const page = (state = "started"): string => `
  <a data-field-chip href="/"><span data-chip-state></span><span data-chip-count></span></a>
  <template data-field-words data-left="还有{n}项，下一项" data-photos="还差{n}张照片" data-ready="核对并完成" data-all-met="全部达标" data-some="{n}项不达标" data-kept="{n}项在手机上" data-offline="没有网络" data-unsent="还有{n}项没到服务器" data-said="已答{answered}项，共{total}项，{bad}项不达标" data-signed-out="请重新登录"></template>
  <div data-field data-user="7" data-visit="v1" data-answers="/a/" data-photos="/p/" data-login="/login/" data-state="${state}">
    <section data-start-part ${state === "planned" ? "" : "hidden"}><button data-start></button></section>
    <div data-body-part ${state === "planned" ? "hidden" : ""}><div data-frail hidden><div></div></div><div data-refusal hidden><div></div></div>
      <ol data-dashes><li data-dash="1"></li><li data-dash="2"></li><li data-dash="3"></li></ol><b data-answered></b>
      ${group("环境卫生", check(1) + check(2))}${group("秩序", check(3, "never", '<input type="number" data-count-input data-least="10">'))}</div>
    <dialog data-finish-part><p data-finish-none></p><p data-finish-some></p><ul data-finish-list></ul><p data-finish-wait></p><form data-finish-form><button data-finish-yes></button></form></dialog>
  </div>
  <footer data-field-foot ${state === "planned" ? "hidden" : ""}><button data-undo></button><button data-next><span data-next-words></span></button></footer>`;

let online = true;
let sent: Entry[] = [];
const server = (async (_url: string, init: RequestInit) => {
  if (!online) throw new TypeError("offline");
  if (typeof init.body !== "string") return new Response(JSON.stringify({ kept: "x", url: "/p/x.jpg" }));
  const { answers } = JSON.parse(init.body) as { answers: Entry[] };
  sent.push(...answers);
  return new Response(JSON.stringify({ kept: answers.map((one) => one.uid) }));
}) as typeof fetch;

beforeEach(() => {
  localStorage.clear();
  online = true;
  sent = [];
  URL.createObjectURL = () => "blob:x";
  URL.revokeObjectURL = () => undefined;
  Element.prototype.scrollIntoView = () => undefined;
  vi.spyOn(HTMLDialogElement.prototype, "showModal").mockImplementation(() => undefined);
});
afterEach(() => { vi.restoreAllMocks(); document.body.innerHTML = ""; });

const one = <T extends HTMLElement>(selector: string): T => document.querySelector<T>(selector) as T;
const text = (selector: string): string => one(selector).textContent ?? "";
async function settle(): Promise<void> { for (let round = 0; round < 12; round++) await new Promise((resolve) => setTimeout(resolve)); }
async function open(state?: string, photos = new MemoryPhotos()): Promise<FieldPage> {
  document.body.innerHTML = page(state);
  const made = new FieldPage(one("[data-field]"), photos, server);
  await made.open();
  await settle();
  return made;
}
function choose(id: number, value: string): void {
  const radio = one<HTMLInputElement>(`[data-check="${id}"] input[value="${value}"]`);
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
}
async function shoot(id: number): Promise<void> {
  const input = one<HTMLInputElement>(`[data-check="${id}"] [data-shoot]`);
  Object.defineProperty(input, "files", { value: [new File(["x"], "a.jpg", { type: "image/jpeg" })], configurable: true });
  Object.defineProperty(input, "value", { value: "", writable: true, configurable: true });
  input.dispatchEvent(new Event("change", { bubbles: true }));
  await settle();
}

test("a tap is kept, shown, counted and sent", async () => {
  await open();
  choose(1, "met");
  const waiting = (): number => Object.keys(localStorage).filter((key) => key.startsWith("cw-outbox:")).length;
  expect(waiting()).toBe(1);
  expect([one("[data-dash='1']").className, text("[data-answered]"), text("[data-next-words]")]).toEqual(["is-met", "1", "还有2项，下一项"]);
  await settle();
  expect([sent.map((entry) => [entry.check, entry.value]), waiting()]).toEqual([[[1, "met"]], 0]);
  expect(one<HTMLElement>("[data-field-chip]").hidden).toBe(true);
});

test("without a network the chip counts, and a new page shows what is on the phone", async () => {
  online = false;
  await open();
  choose(1, "not-met");
  choose(2, "met");
  await settle();
  expect(text("[data-chip-count]")).toBe("2项在手机上");
  const again = await open();
  expect(again.state.counts()).toEqual({ answered: 2, notMet: 1, total: 3 });
  online = true;
  window.dispatchEvent(new Event("online"));
  await settle();
  const once = new Map(sent.map((entry) => [entry.uid, entry.value])); // the first page of this test listens, too
  expect([...once.values()]).toEqual(["not-met", "met"]);
});

test("beginning keeps the start, shows the checks and sends it along", async () => {
  const made = await open("planned");
  expect(one<HTMLElement>("[data-body-part]").hidden).toBe(true);
  one("[data-start]").click();
  expect([one<HTMLElement>("[data-body-part]").hidden, one<HTMLElement>("[data-field-foot]").hidden]).toEqual([false, false]);
  await settle();
  expect(made.outbox.size()).toBe(0);
});

test("all met fills the open ones of its group, folds it and leads on; undo opens it again", async () => {
  const made = await open();
  choose(1, "not-applicable");
  one("[data-group] [data-all-met]").click();
  expect([made.state.answer(1).value, made.state.answer(2).value]).toEqual(["not-applicable", "met"]);
  expect([one<HTMLElement>("[data-folded]").hidden, text("[data-folded-words]")]).toEqual([false, "全部达标"]);
  one("[data-undo]").click();
  expect([made.state.answer(2).value, one<HTMLElement>("[data-folded]").hidden]).toEqual(["", true]);
  await settle();
  expect(sent.at(-1)).toMatchObject({ check: 2, value: "" });
});

test("all met leaves alone what waits for its reason, and the group stays open", async () => {
  const made = await open();
  choose(1, "not-observable");
  one("[data-group] [data-all-met]").click();
  expect([made.state.answer(1).value, made.state.answer(2).value, one<HTMLElement>("[data-folded]").hidden]).toEqual(["not-observable", "met", true]);
});

test("not observable is an answer once it has a reason", async () => {
  const made = await open();
  choose(1, "not-observable");
  await settle();
  expect([made.state.open().length, sent.at(-1)?.value, one<HTMLElement>("[data-reasons]").hidden]).toEqual([3, "", false]);
  one("[data-reason-choice]").click();
  await settle();
  expect([made.state.open().length, sent.at(-1)]).toEqual([2, expect.objectContaining({ value: "not-observable", reason: "下雨" })]);
});

test("the number counted decides", async () => {
  const made = await open();
  const input = one<HTMLInputElement>("[data-count-input]");
  input.value = "9";
  input.dispatchEvent(new Event("change", { bubbles: true }));
  expect(made.state.answer(3)).toMatchObject({ value: "not-met", count: 9 });
  input.value = "12";
  input.dispatchEvent(new Event("change", { bubbles: true }));
  expect(made.state.answer(3)).toMatchObject({ value: "met", count: 12 });
});

test("a photo is asked for only where not met; finishing shows what is handed over", async () => {
  await open();
  choose(1, "met");
  expect(one<HTMLElement>("[data-check='1'] [data-proof-part]").hidden).toBe(true);
  choose(1, "not-met");
  choose(2, "met");
  choose(3, "met");
  expect(text("[data-next-words]")).toBe("还差1张照片");
  await shoot(1);
  expect(text("[data-next-words]")).toBe("核对并完成");
  one("[data-next]").click();
  await settle();
  expect([text("[data-finish-list]"), one<HTMLButtonElement>("[data-finish-yes]").disabled]).toEqual(["第1项占道经营，限1个工作日11月19日17:30", false]);
});

test("a note goes with its answer", async () => {
  await open();
  choose(1, "not-met");
  const note = one<HTMLInputElement>("[data-check='1'] [data-note-input]");
  note.value = "门口有积水";
  note.dispatchEvent(new Event("change", { bubbles: true }));
  await settle();
  expect(sent.at(-1)).toMatchObject({ value: "not-met", note: "门口有积水" });
});

test("a page without a checklist is left alone", async () => {
  document.body.innerHTML = "<p></p>";
  await expect(start()).resolves.toBeUndefined();
});

test("the day's page says what is on the phone and leads to its visit", async () => {
  localStorage.setItem("cw-outbox:7:v2", JSON.stringify({ start: null, entries: [{ uid: "a" }, { uid: "b" }] }));
  document.body.innerHTML = '<a data-field-chip href="/"><span data-chip-state></span><span data-chip-count></span></a><template data-field-words data-kept="{n}项在手机上"></template><div data-field-day data-user="7"></div><a data-visit="v1" href="/field/v1/"></a><a data-visit="v2" href="/field/v2/"></a>';
  await start();
  expect([text("[data-chip-count]"), one("[data-field-chip]").getAttribute("href")?.endsWith("/field/v2/")]).toEqual(["2项在手机上", true]);
});

test("a page that was kept shows the answers which the server already has", async () => {
  await open();
  choose(1, "met");
  await settle();
  online = false;
  const again = await open();
  expect(again.state.answer(1).value).toBe("met");
});
