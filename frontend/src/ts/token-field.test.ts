import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addToken, start } from "./token-field";

const FIELD = `
<form><div data-tokens="lead"><div class="cw-tokens"><span class="cw-token">市教育局<input type="hidden" name="lead" value="u1"><button type="button" data-token-drop></button></span><input role="combobox" name="lead_typed" aria-expanded="false"></div>
  <div data-token-list></div>
  <template data-token-new><span class="cw-token"><span data-token-label></span><input type="hidden" name="lead"><button type="button" data-token-drop></button></span></template></div>
  <button type="button" id="hint" data-token-pick="lead" data-value="u7" data-label="市住建局"></button></form>`;
const OPTIONS = `<button role="option" aria-selected="false" data-token-pick data-value="u2" data-label="市城管局"></button><button role="option" aria-selected="false" data-token-pick data-value="n各街道" data-label="各街道"></button>`;

const field = (): HTMLElement => document.querySelector("[data-tokens]")!;
const input = (): HTMLInputElement => document.querySelector("[role=combobox]")!;
const values = (): string[] => [...document.querySelectorAll<HTMLInputElement>(".cw-tokens input[type=hidden]")].map((one) => one.value);
const offer = (): void => void (document.querySelector("[data-token-list]")!.innerHTML = OPTIONS);

function press(key: string): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  input().dispatchEvent(event);
  return event;
}

beforeAll(start);
beforeEach(() => (document.body.innerHTML = FIELD));
afterEach(() => document.body.replaceChildren());

describe("a field of chips", () => {
  it("adds a unit once", () => {
    addToken(field(), "u2", "市城管局");
    addToken(field(), "u2", "市城管局");
    expect(values()).toEqual(["u1", "u2"]);
    expect(input().previousElementSibling?.textContent).toBe("市城管局");
  });

  it("takes the walked-to choice with Enter and empties what was typed", () => {
    offer();
    input().value = "街";
    press("ArrowDown");
    press("ArrowDown");
    expect(press("Enter").defaultPrevented).toBe(true);
    expect(values()).toEqual(["u1", "n各街道"]);
    expect([input().value, document.querySelectorAll("[role=option]").length]).toEqual(["", 0]);
  });

  it("lets Enter save the form where nothing is typed or chosen", () => {
    offer();
    expect(press("Enter").defaultPrevented).toBe(false);
    expect(values()).toEqual(["u1"]);
  });

  it("takes the last chip out with Backspace, and any by its button", () => {
    addToken(field(), "u2", "市城管局");
    press("Backspace");
    expect(values()).toEqual(["u1"]);
    document.querySelector<HTMLElement>("[data-token-drop]")!.click();
    expect(values()).toEqual([]);
  });

  it("takes a proposal from outside the field", () => {
    document.getElementById("hint")!.click();
    expect(values()).toEqual(["u1", "u7"]);
  });

  it("closes with Escape first, and keeps the key from the page", () => {
    offer();
    expect(press("Escape").defaultPrevented).toBe(true);
    expect(document.querySelectorAll("[role=option]").length).toBe(0);
    expect(press("Escape").defaultPrevented).toBe(false);
  });
});
