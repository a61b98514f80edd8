import { expect, test, vi } from "vitest";
import { start } from "./print";

test("data-print prints, other buttons do not", () => {
  const print = vi.fn();
  vi.stubGlobal("print", print);
  document.body.innerHTML = "<button data-print><b>打印</b></button><button id='no'>别的</button>";
  start();
  document.querySelector<HTMLElement>("b")?.click();
  document.getElementById("no")?.click();
  expect(print).toHaveBeenCalledTimes(1);
});
