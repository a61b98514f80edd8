import { beforeEach, expect, test } from "vitest";
import { FieldChip } from "./field-chip";

beforeEach(() => {
  document.body.innerHTML = '<a data-field-chip href="/x/" hidden><span data-chip-state></span><span data-chip-count></span></a><template data-field-words data-kept="{n}项在手机上" data-sending="正在上传" data-signed-out="请重新登录" data-photo-kept="照片已存本机"></template>';
});
const chip = (): HTMLAnchorElement => document.querySelector("[data-field-chip]") as HTMLAnchorElement;

test("it is there only while something is on the phone alone", () => {
  const made = new FieldChip("/login/");
  made.left(3, true);
  expect([chip().hidden, chip().textContent]).toEqual([false, "正在上传3项在手机上"]);
  made.left(0, true);
  expect(chip().hidden).toBe(true);
});

test("signed out it leads to the sign-in, and a frail store promises nothing", () => {
  const made = new FieldChip("/login/");
  made.left(2, false);
  expect(chip().textContent).toBe("正在上传2");
  made.status("signed-out");
  expect([chip().getAttribute("href"), chip().textContent]).toEqual(["/login/", "请重新登录2项在手机上"]);
});

test("words are found by their name", () => {
  expect([new FieldChip("").words("photo-kept"), new FieldChip("").words("none")]).toEqual(["照片已存本机", ""]);
});
