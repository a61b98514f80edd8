import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

vi.mock("htmx.org", () => ({ default: { ajax: vi.fn(async () => undefined) } }));
const { dressMarks, goTo, markWatched, selectedPassage, shownRevisions, sentenceAround, show } = await import("./review");

const PAGE = `
<div data-review data-shown="table">
  <button data-review-show="text" aria-selected="false"></button><button data-review-show="table" aria-selected="true"></button>
  <div class="cw-pane"><div id="review-text"><p><span data-at="10">这个月。</span><mark class="cw-mark" data-mark="1"><sup>1</sup><span data-at="14" class="cw-mark__part">市城管局</span><span data-at="18">要清理。</span></mark></p>
    <p><span data-at="24">𠮷字也算一个。</span></p></div></div>
  <div class="cw-pane"><table><tbody id="c1" data-row data-candidate="1" data-revision="3" data-state="open" class="is-here"><tr><td><a href="#" data-review-link>清理</a></td></tr></tbody>
    <tbody id="c2" data-row data-candidate="2" data-state="dropped"><tr><td><a href="#" data-review-link>别的</a></td></tr></tbody></table></div>
</div>`;

function select(from: Node, start: number, to: Node, end: number): Selection {
  const range = document.createRange();
  range.setStart(from, start);
  range.setEnd(to, end);
  return { isCollapsed: false, rangeCount: 1, getRangeAt: () => range } as unknown as Selection;
}

const leaf = (at: number): Text => document.querySelector(`[data-at="${at}"]`)?.firstChild as Text;

beforeEach(() => (document.body.innerHTML = PAGE));
afterEach(() => document.body.replaceChildren());

describe("marks", () => {
  it("look as their rows say", () => {
    document.getElementById("c1")!.dataset["state"] = "accepted";
    dressMarks();
    const mark = document.querySelector("[data-mark]")!;
    expect(mark.classList.contains("cw-mark--accepted")).toBe(true);
    expect(mark.classList.contains("cw-mark--now")).toBe(true);
    document.getElementById("c1")!.dataset["state"] = "open";
    dressMarks();
    expect(mark.classList.contains("cw-mark--accepted")).toBe(false);
  });

  it("follow the row one goes to", () => {
    goTo("2");
    expect(document.querySelectorAll(".is-here").length).toBe(1);
    expect(document.getElementById("c2")!.classList.contains("is-here")).toBe(true);
    expect(document.activeElement?.textContent).toBe("别的");
    expect(document.querySelector("[data-mark]")!.classList.contains("cw-mark--now")).toBe(false);
  });

  it("stay where they are for a row that is not shown", () => {
    goTo("99");
    expect(document.getElementById("c1")!.classList.contains("is-here")).toBe(true);
  });
});

describe("selected passage", () => {
  it("begins where the text says and leaves the numbers of marks out", () => {
    expect(selectedPassage(select(leaf(10), 2, leaf(18), 3))).toEqual({ start: 12, quote: "月。市城管局要清理" });
  });

  it("parts paragraphs by a line end", () => {
    expect(selectedPassage(select(leaf(18), 1, leaf(24), 3))?.quote).toBe("清理。\n𠮷字");
  });

  it("counts characters as the server does", () => {
    expect(selectedPassage(select(leaf(24), 2, leaf(24), 4))).toEqual({ start: 25, quote: "字也" });
  });

  it("is nothing outside the text or without extent", () => {
    expect(selectedPassage(null)).toBe(null);
    const row = document.querySelector("#c1 a")!.firstChild!;
    expect(selectedPassage(select(row, 0, row, 1))).toBe(null);
  });
});

describe("sentence around a click", () => {
  it("runs from mark to mark and takes the closing one along", () => {
    const text = "头一句。 每周要清理；市城管局负责！末句没完";
    expect([6, 11, 13, 20, 0, 22].map((at) => text.slice(...sentenceAround(text, at)))).toEqual(["每周要清理；", "市城管局负责！", "市城管局负责！", "末句没完", "头一句。", "末句没完"]);
    expect(sentenceAround("", 0)).toEqual([0, 0]);
  });
});

describe("two people", () => {
  it("see each other's row, and the page says which revisions it shows", () => {
    document.body.insertAdjacentHTML("beforeend", `<span data-other="2"></span>`);
    markWatched();
    expect([...document.querySelectorAll(".is-watched")].map((row) => row.id)).toEqual(["c2"]);
    expect(shownRevisions()).toBe("1.3");
  });
});

describe("tabs on a phone", () => {
  it("show one pane at a time", () => {
    show("text");
    expect(document.querySelector<HTMLElement>("[data-review]")!.dataset["shown"]).toBe("text");
    expect([...document.querySelectorAll("[data-review-show]")].map((one) => one.getAttribute("aria-selected"))).toEqual(["true", "false"]);
  });
});
