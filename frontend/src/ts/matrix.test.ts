import { beforeAll, beforeEach, expect, test, vi } from "vitest";

const ajax = vi.hoisted(() => vi.fn());
vi.mock("htmx.org", () => ({ default: { ajax } }));
const { headOf, nextToFix, setShare, start, target, undo } = await import("./matrix");

const cell = (id: string): HTMLElement => document.getElementById(id) as HTMLElement;
const table = (): HTMLElement => document.querySelector("table") as HTMLElement;
const row = (n: number, head = ""): string =>
  `<tr data-node="${n}" data-hint="标准写明：城管部门"><th class="${head}"><span class="cw-matrix__name"><span class="cw-matrix__title">条目${n}</span></span></th><td data-sum>2</td><td id="a${n}"></td><td id="b${n}" class="is-cut"></td></tr>`;
const page = (url: string): string =>
  `<button data-matrix-undo hidden></button><table data-matrix ${url} data-split-url="/split/" data-menu="m" data-lead="牵头" data-cooperate="配合" data-clear="空">
    <thead><tr><th></th><th></th><th data-unit="7">甲局</th><th data-unit="8">乙局</th></tr></thead>
    <tbody>${row(1)}<tr class="is-section"><th>部分</th><td colspan="3"></td></tr>${row(2, "is-gap")}${row(3, "is-overlap")}</tbody></table>
  <div id="m" popover class="cw-menu"><b data-cell-name></b><i data-cell-unit></i><i data-cell-hint></i>
    <button data-set="lead"></button><button data-set="cooperate"></button><button data-set=""></button>
    <button data-set-split="1"></button><button data-set-split="" hidden></button></div>`;

/** Answers like the server: a new cell that says what stood there before. */
function answer(_method: string, _url: string, sent: { target: HTMLElement; swap: string; values: { share: string; was: string } }): Promise<void> {
  if (sent.swap === "outerHTML") {
    const made = document.createElement("td");
    Object.assign(made.dataset, { before: sent.values.was, ...(sent.values.share ? { share: sent.values.share } : {}) });
    made.id = sent.target.id;
    sent.target.replaceWith(made);
  }
  return Promise.resolve();
}

beforeAll(() => {
  start();
  HTMLElement.prototype.showPopover = vi.fn();
  HTMLElement.prototype.hidePopover = vi.fn();
});
beforeEach(async () => {
  ajax.mockReset().mockImplementation(answer);
  delete document.documentElement.dataset["keys"];
  document.body.innerHTML = page('data-url="/c/"');
  for (let left = 0; left < 9; left += 1) await undo(table());
  ajax.mockClear();
});
const key = (on: HTMLElement, name: string): void => {
  on.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
};
const settled = (): Promise<void> => new Promise((go) => setTimeout(go));

test("arrow keys pass over rows without cells and stop at the edge", () => {
  expect(target(table(), cell("a1"), "ArrowDown")).toBe(cell("a2"));
  expect(target(table(), cell("a2"), "ArrowUp")).toBe(cell("a1"));
  expect(target(table(), cell("a1"), "ArrowRight")).toBe(cell("b1"));
  expect(target(table(), cell("a1"), "ArrowLeft")).toBeUndefined();
  expect(target(table(), cell("b3"), "ArrowDown")).toBeUndefined();
  expect(target(table(), cell("b3"), "Home")).toBe(cell("a3"));
  expect(target(table(), cell("a3"), "End")).toBe(cell("b3"));
  expect(target(table(), cell("a1"), "PageDown")).toBe(cell("a3"));
  expect(target(table(), cell("a3"), "PageUp")).toBe(cell("a1"));
});

test("a cell knows its unit by its column", () => {
  expect(headOf(table(), cell("b2"))?.dataset["unit"]).toBe("8");
});

test("N leads to the next gap or overlap and round to the first", () => {
  expect(nextToFix(table(), cell("b1"))).toBe(cell("a2"));
  expect(nextToFix(table(), cell("a2"))).toBe(cell("a3"));
  expect(nextToFix(table(), cell("a3"))).toBe(cell("a2"));
});

test("one cell is in the tab order; focus marks its row and column", () => {
  key(cell("a1"), "ArrowRight");
  expect(document.activeElement).toBe(cell("b1"));
  expect([...document.querySelectorAll('td[tabindex="0"]')]).toEqual([cell("b1")]);
  expect(cell("b3").classList.contains("is-here")).toBe(true);
  expect(cell("a3").classList.contains("is-here")).toBe(false);
  expect([...document.querySelectorAll("thead .is-here")].map((one) => one.textContent)).toEqual(["乙局"]);
});

test.each([["1", "lead"], ["2", "cooperate"], ["0", ""]])("%s saves the share %s with what was seen", (name, share) => {
  cell("a2").dataset["share"] = "cooperate";
  const seen = cell("a2");
  key(seen, name);
  const values = { node: "2", unit: "7", share, was: "cooperate" };
  expect(ajax).toHaveBeenCalledWith("post", "/c/", { target: seen, source: seen, swap: "outerHTML", values });
});

test("the last line before the territories says so", () => {
  key(cell("b2"), "1");
  expect(ajax.mock.calls[0]?.[2].values.cut).toBe("1");
});

test("undo brings back what the server said stood there, one change after the other", async () => {
  const button = document.querySelector<HTMLElement>("[data-matrix-undo]") as HTMLElement;
  await setShare(table(), cell("a2"), "lead");
  await setShare(table(), cell("a2"), "cooperate");
  expect(button.hidden).toBe(false);
  button.click();
  await settled();
  expect(cell("a2").dataset["share"]).toBe("lead");
  await undo(table());
  expect(cell("a2").dataset["share"]).toBeUndefined();
  expect(button.hidden).toBe(true);
  ajax.mockClear();
  await undo(table());
  expect(ajax).not.toHaveBeenCalled();
});

test("a change that did not reach the server is not kept for undo", async () => {
  ajax.mockImplementation(() => Promise.resolve());
  await setShare(table(), cell("a2"), "lead");
  expect((document.querySelector("[data-matrix-undo]") as HTMLElement).hidden).toBe(true);
});

test("a click opens the choices with criterion, unit and hint; a choice saves", async () => {
  cell("a2").click();
  expect(document.querySelector("[data-cell-name]")?.textContent).toBe("条目2");
  expect(document.querySelector("[data-cell-unit]")?.textContent).toBe("甲局");
  expect(document.querySelector("[data-cell-hint]")?.textContent).toBe("标准写明：城管部门");
  document.querySelector<HTMLElement>('[data-set="cooperate"]')?.click();
  await settled();
  expect(cell("a2").dataset["share"]).toBe("cooperate");
});

test("Enter opens the choices; split is set or taken back by what stands", () => {
  cell("a3").focus();
  key(cell("a3"), "Enter");
  const [set, back] = [...document.querySelectorAll<HTMLElement>("[data-set-split]")];
  expect([set?.hidden, back?.hidden]).toEqual([false, true]);
  key(cell("a3"), "ArrowLeft");
  document.querySelector("tr[data-node='3'] th")?.setAttribute("data-split", "");
  cell("a3").click();
  expect([set?.hidden, back?.hidden]).toEqual([true, false]);
  back?.click();
  expect(ajax).toHaveBeenLastCalledWith("post", "/split/", { source: cell("a3"), target: cell("a3"), swap: "none", values: { node: "3" } });
});

test("other keys and switched-off keys send nothing", () => {
  key(cell("b2"), "3");
  document.documentElement.dataset["keys"] = "off";
  key(cell("b2"), "1");
  expect(ajax).not.toHaveBeenCalled();
});

test("a grid that is read only moves but never saves", () => {
  document.body.innerHTML = page("");
  key(cell("a1"), "ArrowRight");
  expect(document.activeElement).toBe(cell("b1"));
  key(cell("b1"), "1");
  cell("b1").click();
  expect(ajax).not.toHaveBeenCalled();
});

test("Enter on a cell that holds a link opens it, once", () => {
  document.body.innerHTML = page("");
  cell("a1").innerHTML = '<a href="#dossier">2/4</a>';
  const opened = vi.fn((event: Event) => event.preventDefault());
  cell("a1").querySelector("a")?.addEventListener("click", opened);
  key(cell("a1"), "Enter");
  key(cell("a1").querySelector("a") as HTMLElement, "Enter"); // the browser itself follows a link that has the focus
  key(cell("b1"), "Enter");
  expect(opened).toHaveBeenCalledTimes(1);
});
