import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { show, start } from "./pick";

const box = (several: boolean): string => `
<form><label for="id_lead">牵头</label><div class="cw-pick"><input id="id_lead" name="lead" placeholder="名称" data-pick>
  ${several ? '<template><label class="cw-token"><input type="checkbox" name="lead" value="#" checked><span></span></label></template>' : ""}
  <ul data-pick-list hidden></ul><span role="status" data-pick-status></span></div></form>`;
const OPTIONS = `<li role="option" aria-selected="false" data-key="2" data-label="市城管局"></li><li role="option" aria-selected="false" data-key="3" data-label="城关街道"></li>
  <li role="option" aria-disabled="true" aria-selected="false">还有</li>`;

const pick = (): HTMLElement => document.querySelector(".cw-pick")!;
const input = (): HTMLInputElement => document.querySelector("[data-pick]")!;
const list = (): HTMLElement => document.querySelector("[data-pick-list]")!;

function offer(several = false): void {
  document.body.innerHTML = box(several);
  input().focus();
  list().innerHTML = OPTIONS;
  show(pick());
}

function press(key: string): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  input().dispatchEvent(event);
  return event;
}

beforeAll(start);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

describe("a field that looks up", () => {
  it("says what it is once it has the focus, and who its list belongs to", () => {
    offer();
    expect([input().getAttribute("role"), input().getAttribute("aria-controls"), list().getAttribute("role"), list().getAttribute("aria-label")])
      .toEqual(["combobox", "id_lead-list", "listbox", "牵头"]);
    expect([input().getAttribute("aria-expanded"), document.querySelector("[role=status]")!.textContent]).toEqual(["true", "2: 市城管局"]);
  });

  it("asks once, after the last letter", () => {
    document.body.innerHTML = box(false);
    const asked = vi.fn();
    input().addEventListener("cw:look", asked);
    input().focus();
    for (const letters of ["城", "城管"]) {
      input().value = letters;
      input().dispatchEvent(new Event("input", { bubbles: true }));
    }
    expect(asked).not.toHaveBeenCalled();
    vi.advanceTimersByTime(250);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it("walks with arrows, past what cannot be chosen, and takes with Enter", () => {
    offer();
    press("ArrowUp");
    expect(input().getAttribute("aria-activedescendant")).toBe("id_lead-list-1");
    press("ArrowDown");
    const changed = vi.fn();
    input().addEventListener("change", changed);
    expect(press("Enter").defaultPrevented).toBe(true);
    expect([input().value, list().hidden, changed.mock.calls.length]).toEqual(["市城管局", true, 1]);
    expect(press("Enter").defaultPrevented).toBe(false);
  });

  it("never sends half a name: Enter takes the first of what fits, and nothing where nothing is typed", () => {
    offer();
    input().value = "城";
    expect([press("Enter").defaultPrevented, input().value]).toEqual([true, "市城管局"]);
    offer();
    expect(press("Enter").defaultPrevented).toBe(false);
  });

  it("keeps an Enter that comes before the answer, and takes the first when it is there", () => {
    document.body.innerHTML = box(true);
    const asked = vi.fn();
    input().addEventListener("cw:look", asked);
    input().focus();
    input().value = "城管";
    input().dispatchEvent(new Event("input", { bubbles: true }));
    expect([press("Enter").defaultPrevented, asked.mock.calls.length]).toEqual([true, 1]);
    list().innerHTML = OPTIONS;
    show(pick());
    expect([document.querySelector<HTMLInputElement>(".cw-token input")!.value, input().value]).toEqual(["#2", ""]);
    vi.advanceTimersByTime(500);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it("takes nothing from an answer to other words, which may mean every unit there is", () => {
    document.body.innerHTML = box(true);
    input().focus();
    input().dispatchEvent(new MouseEvent("click", { bubbles: true })); // asks what there is at all
    input().value = "文昌";
    input().dispatchEvent(new Event("input", { bubbles: true }));
    list().innerHTML = OPTIONS;
    show(pick());
    expect([press("Enter").defaultPrevented, document.querySelectorAll(".cw-token").length, list().hidden]).toEqual([true, 0, true]);
    list().innerHTML = '<li role="option" aria-selected="false" data-key="7" data-label="文昌街道"></li>';
    show(pick());
    expect([...document.querySelectorAll<HTMLInputElement>(".cw-token input")].map((one) => one.value)).toEqual(["#7"]);
  });

  it("lets a name through that nothing is called by, so that the form says why", () => {
    document.body.innerHTML = box(true);
    input().focus();
    input().value = "没有";
    input().dispatchEvent(new Event("input", { bubbles: true }));
    expect(press("Enter").defaultPrevented).toBe(true);
    list().innerHTML = '<li role="option" aria-disabled="true" aria-selected="false">没有</li>';
    show(pick());
    expect(press("Enter").defaultPrevented).toBe(false);
  });

  it("takes nothing from a list that fits what was typed before", () => {
    offer();
    press("ArrowDown");
    input().value = "交";
    input().dispatchEvent(new Event("input", { bubbles: true }));
    expect([press("Enter").defaultPrevented, input().value]).toEqual([false, "交"]);
  });

  it("closes with Esc, and only then lets the page have the key", () => {
    offer();
    expect(press("Escape").defaultPrevented).toBe(true);
    expect(list().hidden).toBe(true);
    expect(press("Escape").defaultPrevented).toBe(false);
  });

  it("takes what is clicked, and closes when the focus goes on", () => {
    offer();
    list().children[2]!.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    expect(input().value).toBe("");
    list().children[1]!.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    expect(input().value).toBe("城关街道");
    offer();
    input().blur();
    expect(list().hidden).toBe(true);
  });

  it("puts several before the text, each once", () => {
    offer(true);
    for (const at of [0, 1, 0]) {
      list().innerHTML = OPTIONS;
      show(pick());
      (list().children[at] as HTMLElement).click();
    }
    const ticked = [...document.querySelectorAll<HTMLInputElement>(".cw-token input")].map((one) => [one.value, one.checked]);
    expect([ticked, input().value]).toEqual([[["#2", true], ["#3", true]], ""]);
  });
});
