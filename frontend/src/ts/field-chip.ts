// The amber chip of the field: what is only on this phone, and why. Absent while the server has everything.

import type { Status } from "./sender";

export class FieldChip {
  private readonly chip = document.querySelector<HTMLAnchorElement>("[data-field-chip]");
  private readonly dictionary = document.querySelector<HTMLElement>("[data-field-words]")?.dataset ?? {};
  private state: Status = "idle";
  private number = 0;

  constructor(private readonly login: string) {
    window.addEventListener("online", () => this.show());
    window.addEventListener("offline", () => this.show());
  }

  /** A text of the page's own language; "{n}" is filled in by who asks. */
  words(key: string): string {
    const name = key.replace(/-(\w)/g, (_all, letter: string) => letter.toUpperCase());
    return this.dictionary[name] ?? "";
  }

  status(state: Status): void {
    this.state = state;
    this.show();
  }

  left(number: number, durable: boolean): void {
    this.number = number;
    this.show(durable);
  }

  /** Where the chip leads. */
  lead(address: string): void {
    if (this.chip && address) this.chip.href = address;
  }

  private show(durable = true): void {
    if (!this.chip) return;
    this.chip.hidden = this.number === 0;
    const reason = !navigator.onLine ? "offline" : this.state === "idle" ? "sending" : this.state;
    const state = this.chip.querySelector("[data-chip-state]");
    const count = this.chip.querySelector("[data-chip-count]");
    if (state) state.textContent = this.words(reason);
    if (count) count.textContent = durable ? this.words("kept").replace("{n}", String(this.number)) : String(this.number);
    if (this.state === "signed-out") this.chip.href = this.login;
  }
}
