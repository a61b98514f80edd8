// A long form that saves itself line by line (data-keep="address" on the form): what was typed is sent a moment later,
// tried again when the network fails, and kept in the tab until it is saved, so that a reload loses nothing. Each line
// (data-keep-line="3", or "report") sends the revision that the person saw in seen_3; a line that somebody else wrote
// meanwhile is shown with both ways out and never overwritten unseen.

import { showState } from "./autosave";

const WAIT = 1200;
const RETRIES = [3000, 10000, 30000];

interface Clash { words: string; values: Record<string, string>; revision: number }
export interface Answer {
  saved: Record<string, number>;
  refused: Record<string, string>;
  clashes: Record<string, Clash>;
  sum: string;
}
type Typed = HTMLInputElement | HTMLTextAreaElement;
type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export class Keeper {
  private readonly dirty = new Map<string, number>(); // line -> which typing, so that later letters are sent again
  private typing = 0;
  private timer = 0;
  private failures = 0;
  private sending: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly fetcher: typeof fetch = (...of) => fetch(...of),
    private readonly store: Store = sessionStorage,
  ) {}

  begin(): void {
    this.restore();
    this.form.addEventListener("input", (event) => this.typed(event.target));
    this.form.addEventListener("submit", (event) => this.submitted(event));
    window.addEventListener("online", () => void this.send());
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") void this.send(); });
  }

  /** Lines that are not saved yet. */
  get waiting(): string[] { return [...this.dirty.keys()]; }

  async send(): Promise<void> {
    if (this.sending || this.stopped || this.dirty.size === 0) return;
    this.sending = this.post(new Map(this.dirty));
    await this.sending;
    this.sending = null;
  }

  private async post(sent: Map<string, number>): Promise<void> {
    window.clearTimeout(this.timer);
    this.show("saving");
    try {
      const response = await this.fetcher(this.form.dataset["keep"] ?? "", { method: "POST", body: this.body(sent), keepalive: true, redirect: "error" });
      if (response.status === 409) {
        this.stopped = true; // handed in meanwhile: nothing more can be kept
        this.say(((await response.json()) as { error: string }).error);
      } else if (response.ok) {
        this.failures = 0;
        this.take((await response.json()) as Answer, sent);
      } else throw new Error(String(response.status));
    } catch {
      this.show("failed");
      this.later(RETRIES[Math.min(this.failures++, RETRIES.length - 1)] ?? WAIT);
    }
  }

  /** The whole form goes: after what is under way, which would else seem to be somebody else's. */
  private submitted(event: SubmitEvent): void {
    window.clearTimeout(this.timer);
    if (!this.sending) { this.stopped = true; return; }
    event.preventDefault();
    const { submitter } = event;
    void this.sending.then(() => { this.stopped = true; this.form.requestSubmit(submitter); });
  }

  private typed(target: EventTarget | null): void {
    if (!(target instanceof Element)) return;
    const line = target.closest<HTMLElement>("[data-keep-line]")?.dataset["keepLine"];
    if (line === undefined) return;
    this.mark(line);
    this.later(WAIT);
  }

  private mark(line: string): void {
    this.dirty.set(line, ++this.typing);
    this.remember();
  }

  private later(after: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.send(), after);
  }

  private body(lines: Map<string, number>): FormData {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", this.form.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "");
    for (const line of lines.keys()) for (const field of this.fields(line)) body.set(field.name, field.value);
    return body;
  }

  private take(answer: Answer, sent: Map<string, number>): void {
    for (const [line, revision] of Object.entries(answer.saved)) {
      this.seen(line, revision);
      this.says(line, "");
      if (this.dirty.get(line) === sent.get(line)) this.dirty.delete(line);
    }
    for (const [line, words] of Object.entries(answer.refused)) { this.says(line, words); this.dirty.delete(line); }
    for (const [line, clash] of Object.entries(answer.clashes)) { this.dirty.delete(line); this.clash(line, clash); }
    this.remember();
    const sum = this.form.querySelector<HTMLElement>("[data-keep-sum]");
    if (sum) sum.textContent = answer.sum;
    const open = Object.keys(answer.refused).length + Object.keys(answer.clashes).length;
    this.show(open ? "failed" : "saved");
    if (open) this.say(this.place()?.dataset["part"] ?? "");
    if (this.dirty.size) this.later(WAIT);
  }

  /** Both ways out: what the other wrote, or what stands here. */
  private clash(line: string, clash: Clash): void {
    const place = this.says(line, clash.words);
    if (!place) return;
    const way = (words: string | undefined, act: () => void): void => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "cw-btn cw-btn--sm";
      button.textContent = words ?? "";
      button.addEventListener("click", () => { this.seen(line, clash.revision); act(); });
      place.append(" ", button);
    };
    way(this.form.dataset["keepTheirs"], () => {
      for (const field of this.fields(line)) field.value = clash.values[field.name] ?? field.value;
      this.says(line, "");
      this.remember();
    });
    way(this.form.dataset["keepMine"], () => { this.mark(line); void this.send(); });
  }

  private line(line: string): HTMLElement | null {
    return this.form.querySelector<HTMLElement>(`[data-keep-line="${line}"]`);
  }

  private fields(line: string): Typed[] {
    return [...(this.line(line)?.querySelectorAll<Typed>("input[name], textarea[name]") ?? [])];
  }

  private seen(line: string, revision: number): void {
    const field = this.line(line)?.querySelector<HTMLInputElement>("input[type=hidden]");
    if (field) field.value = String(revision);
  }

  private says(line: string, words: string): HTMLElement | null {
    const place = this.line(line)?.querySelector<HTMLElement>("[data-keep-says]") ?? null;
    if (place) { place.textContent = words; place.hidden = !words; }
    return place;
  }

  private place(): HTMLElement | null { return this.form.querySelector<HTMLElement>("[data-autosave]"); }

  private show(state: "saving" | "saved" | "failed"): void {
    const place = this.place();
    if (place) showState(place, state);
  }

  private say(words: string): void {
    const place = this.place();
    if (place && words) { place.dataset["state"] = "failed"; place.textContent = words; }
  }

  private key(): string { return `cw-keep:${this.form.dataset["keep"] ?? ""}`; }

  /** What is not saved yet, for a reload of this tab; gone with the tab. */
  private remember(): void {
    try {
      if (this.dirty.size === 0) return this.store.removeItem(this.key());
      const values = this.waiting.flatMap((line) => this.fields(line).map((field) => [line, field.name, field.value]));
      this.store.setItem(this.key(), JSON.stringify(values));
    } catch { /* a browser without a store: the network has to do */ }
  }

  private restore(): void {
    let kept: string[][] = [];
    try { kept = JSON.parse(this.store.getItem(this.key()) ?? "[]") as string[][]; } catch { /* nothing that can be read */ }
    const changed = new Set<string>();
    for (const [line = "", name = "", value = ""] of kept) {
      const field = this.fields(line).find((one) => one.name === name);
      if (field && field.type !== "hidden" && field.value !== value) changed.add(line);
    }
    for (const [line = "", name = "", value = ""] of kept) {
      const field = changed.has(line) ? this.fields(line).find((one) => one.name === name) : undefined;
      if (field) field.value = value;
    }
    for (const line of changed) this.dirty.set(line, ++this.typing);
    this.remember();
    if (changed.size) this.later(0);
  }
}

export function start(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-keep]")) new Keeper(form).begin();
}
