// What a checklist knows, without the page: answers, what is open, what lacks a photo, and the way back.

export interface Answer { value: string; reason: string; count: number | null; note: string }
export interface CheckInfo { id: number; photo: string }
export interface Counts { answered: number; notMet: number; total: number }

export const NOTHING: Answer = { value: "", reason: "", count: null, note: "" };

/** Whether the standard asks for a photo with this answer (the server asks the same). */
export function wantsPhoto(photo: string, value: string): boolean {
  if (value === "not-met") return photo !== "never";
  return photo === "always" && value === "met";
}

/** What was counted decides: met is reached. */
export function countedValue(count: number, least: number): string {
  return count >= least ? "met" : "not-met";
}

export class ChecklistState {
  private readonly answers = new Map<number, Answer>();
  private readonly shots = new Map<number, number>();
  private readonly past: { check: number; before: Answer }[] = [];

  constructor(readonly checks: readonly CheckInfo[]) {}

  answer(check: number): Answer {
    return this.answers.get(check) ?? NOTHING;
  }

  /** Take an answer; `remember` lets it be undone. Several taken at once are undone one by one. */
  give(check: number, answer: Answer, remember = true): void {
    if (remember) this.past.push({ check, before: this.answer(check) });
    if (answer.value) this.answers.set(check, answer);
    else this.answers.delete(check);
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  /** Go back one answer; returns the check and what it was before. */
  undo(): { check: number; answer: Answer } | undefined {
    const last = this.past.pop();
    if (!last) return undefined;
    this.give(last.check, last.before, false);
    return { check: last.check, answer: last.before };
  }

  setPhotos(check: number, number: number): void {
    this.shots.set(check, number);
  }

  lacksPhoto(check: CheckInfo): boolean {
    return wantsPhoto(check.photo, this.answer(check.id).value) && !this.shots.get(check.id);
  }

  /** Not observable needs its reason before it is an answer. */
  isOpen(check: CheckInfo): boolean {
    const answer = this.answer(check.id);
    return !answer.value || (answer.value === "not-observable" && !answer.reason.trim());
  }

  open(): CheckInfo[] {
    return this.checks.filter((check) => this.isOpen(check));
  }

  withoutPhoto(): CheckInfo[] {
    return this.checks.filter((check) => this.lacksPhoto(check));
  }

  counts(checks: readonly CheckInfo[] = this.checks): Counts {
    const done = checks.filter((check) => !this.isOpen(check));
    return { answered: done.length, notMet: done.filter((check) => this.answer(check.id).value === "not-met").length, total: checks.length };
  }

  notMet(): CheckInfo[] {
    return this.checks.filter((check) => this.answer(check.id).value === "not-met");
  }
}
