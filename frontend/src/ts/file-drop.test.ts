import { expect, test } from "vitest";
import { accepted, faultOf, showFiles, sizeWords } from "./file-drop";

test.each([
  ["a.jpg", "image/jpeg", "image/*", true],
  ["a.pdf", "application/pdf", "image/*,.pdf", true],
  ["A.PDF", "", ".pdf", true],
  ["a.exe", "application/x-msdownload", "image/*,.pdf", false],
  ["a.pdf", "application/pdf", "application/pdf", true],
  ["anything", "", "", true],
])("%s (%s) under %s: %s", (name, type, accept, expected) => expect(accepted(name, type, accept)).toBe(expected));

test("a file may be too large by one byte", () => {
  const file = new File(["12345"], "a.txt", { type: "text/plain" });
  expect(faultOf(file, { maxBytes: 5, accept: "" })).toBe("");
  expect(faultOf(file, { maxBytes: 4, accept: "" })).toBe("tooBig");
});

test("sizes are told in KB below one MB", () => {
  expect([sizeWords(10), sizeWords(53_248), sizeWords(6_501_172)]).toEqual(["1 KB", "52 KB", "6.2 MB"]);
});

test("refused files are named with their reason, good ones stay in the field", () => {
  document.body.innerHTML =
    '<div><div data-drop data-max-mb="1" data-wrong-kind="这里不收“{name}”"><input type="file" accept=".pdf"></div><div data-drop-files></div></div>';
  const input = document.querySelector("input") as HTMLInputElement;
  const files = new DataTransfer();
  files.items.add(new File(["x"], "a.pdf", { type: "application/pdf" }));
  files.items.add(new File(["x"], "b.exe"));
  input.files = files.files;
  showFiles(document.querySelector("[data-drop]") as HTMLElement, input);
  expect([...(input.files ?? [])].map((file) => file.name)).toEqual(["a.pdf"]);
  expect([...document.querySelectorAll(".cw-drop__file")].map((one) => one.textContent)).toEqual(["a.pdf 1 KB", "这里不收“b.exe”"]);
});
