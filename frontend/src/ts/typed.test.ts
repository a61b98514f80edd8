import { beforeEach, expect, test, vi } from "vitest";
import { arrive, putIn, said, start } from "./typed";

const FORM = `<main><form method="post" action="/a/"><input type="hidden" name="act" value="other"></form>
  <form method="post" action="/a/"><input type="hidden" name="csrfmiddlewaretoken" value="t"><input type="hidden" name="act" value="give"><input name="title" value="">
  <textarea name="note"></textarea><select name="unit"><option value="1" selected>甲</option><option value="2">乙</option></select>
  <input type="checkbox" name="kinds" value="a" checked><input type="checkbox" name="kinds" value="b"><input type="radio" name="way" value="x"><input type="radio" name="way" value="y">
  <input type="password" name="secret"><button name="then" value="send">送出</button></form></main><div id="cw-toasts" data-typed="放回来了"></div>`;
const SIGN_IN = '<form method="post"><input name="login"></form>';
const PLAIN = "<main></main>";

let kept: Map<string, string>;
const store = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value), removeItem: (key: string) => void kept.delete(key) };
const form = (): HTMLFormElement => document.querySelectorAll("form")[1] as HTMLFormElement;
const field = (name: string): HTMLInputElement => form().elements.namedItem(name) as HTMLInputElement;

function open(html: string, { person = "7", interrupts = false, path = "/a/new/" } = {}): void {
  document.body.innerHTML = html;
  if (person) document.body.dataset["person"] = person;
  else delete document.body.dataset["person"];
  document.body.toggleAttribute("data-interrupts", interrupts);
  window.history.replaceState({}, "", path);
  arrive(store);
}

function typeAndSend(): void {
  field("title").value = "清运垃圾";
  field("note").value = "第一行\n第二行";
  field("unit").value = "2";
  form().querySelectorAll<HTMLInputElement>("[name=kinds]").forEach((box) => (box.checked = box.value === "b"));
  (form().querySelector("[value=y]") as HTMLInputElement).checked = true;
  field("secret").value = "Geheim";
  form().dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
}

start(store);
beforeEach(() => {
  kept = new Map();
  vi.useRealTimers();
});

test("what was typed stands in the form again after signing in, and is told", () => {
  open(FORM);
  typeAndSend();
  const before = said(form());
  expect([...kept.values()].join()).not.toContain("Geheim");
  open(SIGN_IN, { person: "", interrupts: true, path: "/account/login/" });
  open(PLAIN, { person: "", path: "/account/2fa/" });
  open(FORM);
  expect(said(form()).filter(([name]) => name !== "secret")).toEqual(before.filter(([name]) => name !== "secret"));
  expect(field("title").value).toBe("清运垃圾");
  expect(form().querySelector("[role=status]")?.textContent).toBe("放回来了");
  expect(kept.size).toBe(0);
});

test("a form that was taken is forgotten at the next page", () => {
  open(FORM);
  typeAndSend();
  expect(kept.size).toBe(1);
  open(PLAIN, { path: "/a/1/" });
  expect(kept.size).toBe(0);
});

test("somebody else who signs in finds nothing", () => {
  open(FORM);
  typeAndSend();
  open(SIGN_IN, { person: "", interrupts: true });
  open(FORM, { person: "8" });
  expect([field("title").value, kept.size]).toEqual(["", 0]);
});

test("the way back is shown where there is something to go back to", () => {
  const refused = '<a data-typed-back hidden href="/">再打开</a>';
  const back = (): [boolean, string | null] => {
    const link = document.querySelector("a") as HTMLAnchorElement;
    return [link.hidden, link.getAttribute("href")];
  };
  open(refused, { person: "", interrupts: true });
  expect(back()).toEqual([true, "/"]);
  open(FORM, { path: "/a/new/?unit=3" });
  typeAndSend();
  open(refused, { person: "", interrupts: true });
  expect(back()).toEqual([false, "/a/new/?unit=3"]);
});

test("after an hour nothing is put in", () => {
  open(FORM);
  typeAndSend();
  open(SIGN_IN, { person: "", interrupts: true });
  vi.useFakeTimers({ now: Date.now() + 61 * 60 * 1000 });
  open(FORM);
  expect(field("title").value).toBe("");
});

test("a field of the same name twice gets its own value, one that is new keeps what it has", () => {
  document.body.innerHTML = '<form><input name="a" value="1"><input name="a" value="2"><input name="b" value="3"></form>';
  const one = document.querySelector("form") as HTMLFormElement;
  putIn(one, [["a", "4"], ["a", "5"]]);
  expect(said(one)).toEqual([["a", "4"], ["a", "5"], ["b", "3"]]);
});
