import { expect, test } from "vitest";
import { ChecklistState, NOTHING, countedValue, wantsPhoto } from "./checklist-state";

const checks = [{ id: 1, photo: "if-not-met" }, { id: 2, photo: "always" }, { id: 3, photo: "never" }];
const value = (text: string, reason = "") => ({ ...NOTHING, value: text, reason });

test("a photo is asked for where the standard asks, never of what was not seen", () => {
  const asked = ["met", "not-met", "not-applicable", "not-observable"].map((one) => checks.map((check) => wantsPhoto(check.photo, one)));
  expect(asked).toEqual([[false, true, false], [true, true, false], [false, false, false], [false, false, false]]);
});

test("what is open and what lacks a photo follow the answers", () => {
  const state = new ChecklistState(checks);
  state.give(1, value("not-met"));
  state.give(2, value("met"));
  state.give(3, value("not-observable"));
  expect(state.open().map((one) => one.id)).toEqual([3]);
  state.give(3, value("not-observable", "下雨"));
  expect(state.withoutPhoto().map((one) => one.id)).toEqual([1, 2]);
  state.setPhotos(1, 1);
  expect(state.withoutPhoto().map((one) => one.id)).toEqual([2]);
  expect(state.counts()).toEqual({ answered: 3, notMet: 1, total: 3 });
  expect(state.counts(checks.slice(1))).toEqual({ answered: 2, notMet: 0, total: 2 });
  expect(state.notMet().map((one) => one.id)).toEqual([1]);
});

test("undo goes back answer by answer, to the one before or to none", () => {
  const state = new ChecklistState(checks);
  state.give(1, value("met"));
  state.give(1, value("not-met"));
  expect(state.undo()).toEqual({ check: 1, answer: value("met") });
  expect(state.answer(1).value).toBe("met");
  expect(state.undo()).toEqual({ check: 1, answer: NOTHING });
  expect([state.answer(1), state.undo(), state.canUndo]).toEqual([NOTHING, undefined, false]);
});

test("what was restored from the server is not undone", () => {
  const state = new ChecklistState(checks);
  state.give(1, value("met"), false);
  expect(state.canUndo).toBe(false);
});

test("met is reached", () => {
  expect([countedValue(9, 10), countedValue(10, 10)]).toEqual(["not-met", "met"]);
});
