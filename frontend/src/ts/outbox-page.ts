// The outbox: one line for each visit that has something on this phone alone, and a button that tries again.

import { nameOf, rememberName } from "./field-memory";
import { Outbox, localStore, visitsKept } from "./outbox";
import type { PhotoStore } from "./photo-store";
import { Sender, type Status } from "./sender";

interface Row { visit: string; sender: Sender; status: Status; words: string }

export class OutboxPage {
  private readonly storage = localStore();
  private readonly user: string;
  private readonly words: DOMStringMap;
  private rows: Row[] = [];
  private safe = true; // until the browser says that it may clear what it keeps

  constructor(private readonly root: HTMLElement, private readonly photos: PhotoStore, private readonly fetcher?: typeof fetch) {
    this.user = root.dataset["user"] ?? "";
    this.words = document.querySelector<HTMLElement>("[data-outbox-words]")?.dataset ?? {};
  }

  async open(): Promise<void> {
    for (const one of this.root.querySelectorAll<HTMLElement>("[data-visit-name]")) {
      rememberName(this.storage, one.dataset["visitName"] ?? "", one.textContent ?? "");
    }
    const visits = new Set(this.storage ? visitsKept(this.storage, this.user) : []);
    for (const shot of await this.photos.all()) {
      const [user, visit] = shot.owner.split(":");
      if (user === this.user && visit) visits.add(visit);
    }
    this.rows = [...visits].map((visit) => this.row(visit));
    this.part("retry")?.addEventListener("click", () => void this.retry(true));
    window.addEventListener("online", () => void this.retry(false));
    await this.show();
    await this.retry(false);
    await this.sayRoom();
  }

  /** Send everything there is, one visit after the other; `now` sends originals on any network. */
  async retry(now: boolean): Promise<void> {
    for (const row of this.rows) await row.sender.kick(now);
    await this.show();
  }

  private row(visit: string): Row {
    const base = (this.root.dataset["visitUrl"] ?? "").replace(/[0-9a-f-]{36}/, visit);
    const row: Row = { visit, status: "idle", words: "" } as Row;
    const told = {
      status: (status: Status, words: string) => { row.status = status; row.words = words; void this.show(); },
      refusedAnswer: (_uid: string, why: string) => { row.words = why; },
      refusedPhoto: (_shot: unknown, why: string) => { row.words = why; },
    };
    const addresses = { answers: `${base}answers/`, photos: `${base}photos/` };
    row.sender = new Sender(new Outbox(this.storage, this.user, visit), this.photos, `${this.user}:${visit}`, addresses, told, this.fetcher);
    return row;
  }

  private async show(): Promise<void> {
    const lines: HTMLElement[] = [];
    let unsent = 0;
    for (const row of this.rows) {
      const left = await row.sender.left();
      const originals = await row.sender.originals();
      if (left) unsent += 1;
      if (left || originals) lines.push(await this.line(row, left, originals));
    }
    const some = lines.length > 0;
    for (const name of ["some", "card", "retry"]) this.part(name)?.toggleAttribute("hidden", !some);
    this.part("empty")?.toggleAttribute("hidden", some);
    this.part("frail")?.toggleAttribute("hidden", !some || this.safe);
    this.part("rows")?.replaceChildren(...lines);
    const title = unsent ? "title" : "originalsTitle";
    this.write("number", String(unsent || lines.length));
    this.write("title", this.words[title] ?? "");
  }

  private async line(row: Row, left: number, originals: number): Promise<HTMLElement> {
    const shots = (await this.photos.all()).filter((shot) => shot.owner === `${this.user}:${row.visit}`);
    const megabytes = (shots.reduce((sum, shot) => sum + shot.blob.size, 0) / 1_000_000).toFixed(1);
    const fill = (key: string, number: number): string => (this.words[key] ?? "").replace("{n}", String(number)).replace("{mb}", megabytes);
    const started = new Outbox(this.storage, this.user, row.visit).start() ? 1 : 0; // waits as the answers do and is none
    const answers = left - started - (shots.length - originals);
    const begun = answers ? fill("answers", answers) : started ? (this.words["started"] ?? "") : "";
    const facts = !left && originals ? [fill("originals", originals)] : [begun, shots.length ? fill("photos", shots.length) : ""];
    const item = document.createElement("li");
    const grow = document.createElement("div");
    grow.className = "cw-grow";
    const link = document.createElement("a");
    link.className = "cw-list__title";
    link.href = (this.root.dataset["visitUrl"] ?? "").replace(/[0-9a-f-]{36}/, row.visit);
    link.textContent = nameOf(this.storage, row.visit) || (this.words["unknown"] ?? "");
    const second = document.createElement("div");
    second.className = "cw-list__text";
    second.textContent = facts.filter(Boolean).join(" · ");
    grow.append(link, second);
    if (row.words) {
      const why = document.createElement("div");
      why.className = `cw-list__text${row.status === "refused" ? " cw-bad" : ""}`;
      why.textContent = row.words;
      grow.append(why);
    }
    item.append(grow, this.state(row, left));
    return item;
  }

  private state(row: Row, left: number): HTMLElement {
    const signedOut = row.status === "signed-out";
    const box = document.createElement(signedOut ? "a" : "span");
    if (signedOut) (box as HTMLAnchorElement).href = this.root.dataset["login"] ?? "";
    const calm = !left || row.status === "idle" || row.status === "sending";
    box.className = `cw-sm cw-nowrap ${row.status === "refused" ? "cw-bad" : calm ? "cw-dim" : "cw-warn"}`;
    const key = { idle: left ? "idle" : "wifi", sending: "sending", waiting: "waiting", "signed-out": "signedOut", refused: "refused" }[row.status];
    box.textContent = this.words[key] ?? "";
    return box;
  }

  /** Whether the browser may clear what it keeps, and how much room there is. */
  private async sayRoom(): Promise<void> {
    const manager = navigator.storage as StorageManager | undefined;
    this.safe = (await manager?.persist?.().catch(() => false)) ?? false;
    await this.show();
    const room = await manager?.estimate?.().catch(() => undefined);
    if (!room?.quota) return;
    const gigabytes = ((room.quota - (room.usage ?? 0)) / 1_000_000_000).toFixed(1);
    this.write("space", (this.words["space"] ?? "").replace("{gb}", gigabytes));
  }

  private part(name: string): HTMLElement | null {
    return this.root.querySelector<HTMLElement>(`[data-outbox-${name}]`);
  }

  private write(name: string, text: string): void {
    const part = this.part(name);
    if (part) part.textContent = text;
  }
}
