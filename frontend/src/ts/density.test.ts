import { expect, test } from "vitest";
import { density, start } from "./density";

test("the switch turns rows roomy and back and is kept in a cookie", () => {
  document.body.innerHTML = '<button data-density-switch data-compact="紧凑" data-roomy="宽松"><span data-density-word></span></button>';
  document.documentElement.dataset["density"] = "compact";
  start();
  const button = document.querySelector("button") as HTMLElement;
  expect(button.textContent).toBe("宽松");
  button.click();
  expect([density(), button.textContent]).toEqual(["roomy", "紧凑"]);
  expect(document.cookie).toContain("cw_density=roomy");
  button.click();
  expect([density(), button.textContent]).toEqual(["compact", "宽松"]);
});
