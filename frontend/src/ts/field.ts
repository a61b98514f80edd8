// The checklist in the field: a tap is kept on the phone, shown, and sent when there is a network.
// The page's parts are those of inspections/parts/checklist.html; nothing here asks the server before it shows an answer.

import { ChecklistState, NOTHING, countedValue, wantsPhoto, type Answer, type CheckInfo } from "./checklist-state";
import { FieldChip } from "./field-chip";
import { FinishPart } from "./field-finish";
import { PhotoPart } from "./field-photos";
import { keepPages } from "./field-keep";
import { KnownAnswers, rememberName } from "./field-memory";
import { locate } from "./locate";
import { Outbox, localStore, newUid, visitsKept } from "./outbox";
import { OutboxPage } from "./outbox-page";
import { openPhotos, type PhotoStore } from "./photo-store";
import { Sender } from "./sender";

export function find<T extends HTMLElement>(root: ParentNode, selector: string): T {
  const found = root.querySelector<T>(selector);
  if (!found) throw new Error(`the checklist has no ${selector}`);
  return found;
}

export class FieldPage {
  readonly state: ChecklistState;
  readonly outbox: Outbox;
  readonly sender: Sender;
  readonly chip: FieldChip;
  private readonly cards: HTMLElement[];
  private readonly photoPart: PhotoPart;
  private readonly finishPart: FinishPart;
  readonly known: KnownAnswers;

  constructor(readonly root: HTMLElement, private readonly photos: PhotoStore, fetcher?: typeof fetch) {
    const { user = "", visit = "", answers = "", photos: photosUrl = "", login = "", made = "" } = root.dataset;
    this.cards = [...root.querySelectorAll<HTMLElement>("[data-check]")];
    this.state = new ChecklistState(this.cards.map((card) => info(card)));
    this.outbox = new Outbox(localStore(), user, visit);
    this.known = new KnownAnswers(localStore(), user, visit, made);
    rememberName(localStore(), visit, root.dataset["name"] ?? "");
    this.chip = new FieldChip(login);
    this.chip.lead(root.dataset["outbox"] ?? "");
    this.sender = new Sender(this.outbox, photos, `${user}:${visit}`, { answers, photos: photosUrl }, {
      status: (status, words) => { this.chip.status(status); this.showRefusal(words); void this.refreshLeft(); },
      keptAnswers: () => this.known.acknowledged(),
      refusedAnswer: (_uid, why) => this.showRefusal(why),
      sentPhoto: (shot, url) => this.photoPart.sent(shot, url),
      refusedPhoto: (shot, why) => { this.showRefusal(why); this.photoPart.forget(shot); },
    }, fetcher);
    this.photoPart = new PhotoPart(this, photos, `${user}:${visit}`, photosUrl);
    this.finishPart = new FinishPart(this);
  }

  /** Show what server and phone hold together, then listen. */
  async open(): Promise<void> {
    for (const card of this.cards) this.state.give(idOf(card), fromServer(card), false);
    for (const [check, answer] of this.known.all()) if (this.cards.some((card) => idOf(card) === check)) this.state.give(check, answer, false);
    for (const entry of this.outbox.entries()) this.state.give(entry.check, { ...entry }, false);
    if (this.outbox.start() || this.known.all().length) this.showBody();
    await this.photoPart.restore();
    for (const card of this.cards) this.showCard(card);
    for (const group of this.groups()) this.fold(group);
    this.showAll();
    this.listen();
    void this.sender.kick();
  }

  card(check: number): HTMLElement {
    return find(this.root, `[data-check="${check}"]`);
  }

  /** Keep an answer, show it, send it. */
  give(check: number, answer: Answer, remember = true): void {
    this.state.give(check, answer, remember);
    this.keep(check, answer);
  }

  private keep(check: number, answer: Answer): void {
    this.outbox.add({ uid: newUid(), check, ...answer, at: new Date().toISOString() });
    this.known.set(check, answer);
    this.showCard(this.card(check));
    this.showAll();
    void this.sender.kick();
  }

  showAll(): void {
    const counts = this.state.counts();
    find(this.root, "[data-answered]").textContent = String(counts.answered);
    find(this.root, "[data-dashes]").setAttribute("aria-label",
      this.chip.words("said").replace("{answered}", String(counts.answered)).replace("{total}", String(counts.total)).replace("{bad}", String(counts.notMet)));
    for (const check of this.state.checks) {
      const value = this.state.isOpen(check) ? "" : this.state.answer(check.id).value;
      find(this.root, `[data-dash="${check.id}"]`).className = value ? `is-${value}` : "";
    }
    for (const group of this.groups()) {
      const inside = this.state.counts(this.checksIn(group));
      find(group, "[data-group-answered]").textContent = String(inside.answered);
      find(group, "[data-all-met]").hidden = inside.answered === inside.total;
    }
    this.showFoot();
    void this.refreshLeft();
  }

  async refreshLeft(): Promise<number> {
    const left = await this.sender.left();
    const durable = this.outbox.durable && (this.photos.durable || left === this.outbox.size());
    this.chip.left(left, durable);
    const frail = find(this.root, "[data-frail]");
    frail.hidden = durable;
    find(frail, "div").textContent = this.chip.words("frail");
    this.finishPart.left(left);
    return left;
  }

  private listen(): void {
    this.root.addEventListener("change", (event) => this.changed(event.target as HTMLElement));
    this.root.addEventListener("click", (event) => this.clicked(event.target as HTMLElement));
    const foot = document.querySelector<HTMLElement>("[data-field-foot]");
    foot?.querySelector("[data-undo]")?.addEventListener("click", () => this.undo());
    foot?.querySelector("[data-next]")?.addEventListener("click", () => this.next());
    window.addEventListener("online", () => void this.sender.kick());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) void this.sender.kick(); });
  }

  private changed(target: HTMLElement): void {
    const card = target.closest<HTMLElement>("[data-check]");
    if (!card) return;
    const check = idOf(card);
    const now = this.state.answer(check);
    if (target instanceof HTMLInputElement && target.type === "radio") this.chose(check, target.value);
    else if (target.matches("[data-reason-input]")) this.reason(check, (target as HTMLInputElement).value);
    else if (target.matches("[data-count-input]")) this.counted(check, target as HTMLInputElement);
    else if (target.matches("[data-note-input]") && now.value) this.give(check, { ...now, note: (target as HTMLInputElement).value }, false);
    else if (target.matches("[data-shoot]")) void this.photoPart.take(check, target as HTMLInputElement);
  }

  private clicked(target: HTMLElement): void {
    const group = target.closest<HTMLElement>("[data-group]");
    const card = target.closest<HTMLElement>("[data-check]");
    const reason = target.closest<HTMLElement>("[data-reason-choice]");
    if (target.closest("[data-start]")) void this.begin();
    else if (target.closest("[data-all-met]") && group) this.allMet(group);
    else if (target.closest("[data-unfold]") && group) this.unfold(group);
    else if (target.closest("[data-more]") && card) this.more(card);
    else if (reason && card) this.reason(idOf(card), reason.dataset["reasonChoice"] ?? "");
    else if (target.closest("[data-remove]") && card) void this.photoPart.remove(idOf(card), target.closest<HTMLElement>("[data-remove]")?.dataset["remove"] ?? "");
  }

  /** The first tap: kept at once, sent with the position of this moment as soon as there is one. */
  private async begin(): Promise<void> {
    const at = new Date().toISOString();
    this.outbox.setStart({ at, longitude: null, latitude: null });
    this.showBody();
    const position = await locate();
    if (this.outbox.start()) this.outbox.setStart({ at, ...position });
    void this.sender.kick();
  }

  private showBody(): void {
    find(this.root, "[data-start-part]").hidden = true;
    find(this.root, "[data-body-part]").hidden = false;
    const foot = document.querySelector<HTMLElement>("[data-field-foot]");
    if (foot) foot.hidden = false;
  }

  private chose(check: number, value: string): void {
    const before = this.state.answer(check);
    const reason = value === "not-observable" ? before.reason : "";
    const answer = { ...before, value, reason };
    if (value === "not-observable" && !reason) {
      // Not an answer yet: it is shown here, and sent once it has its reason; the one before no longer holds.
      this.state.give(check, answer);
      this.keep(check, NOTHING);
      return;
    }
    this.give(check, answer);
  }

  private reason(check: number, reason: string): void {
    const now = this.state.answer(check);
    this.give(check, { ...now, value: "not-observable", reason: reason.trim() }, false);
  }

  private counted(check: number, input: HTMLInputElement): void {
    const count = input.valueAsNumber;
    if (Number.isNaN(count) || !input.checkValidity()) return;
    const now = this.state.answer(check);
    this.give(check, { ...now, value: countedValue(count, Number(input.dataset["least"])), count, reason: "" });
  }

  private allMet(group: HTMLElement): void {
    for (const check of this.checksIn(group)) {
      // "Not observable" that waits for its reason is somebody's answer, too: it is not turned into "met".
      if (!this.state.answer(check.id).value) this.give(check.id, { ...NOTHING, value: "met" });
    }
    this.fold(group);
    if (this.state.open().length + this.state.withoutPhoto().length > 0) this.next();
  }

  private undo(): void {
    const back = this.state.undo();
    if (!back) return;
    if (!back.answer.value) void this.photoPart.forgetAll(back.check);
    const card = this.card(back.check);
    const group = card.closest<HTMLElement>("[data-group]");
    if (group) this.unfold(group);
    this.keep(back.check, this.state.isOpen(info(card)) ? NOTHING : back.answer);
    goTo(card);
  }

  /** The next thing to do: an open check, a missing photo, or finishing. */
  private next(): void {
    const wanted = this.state.open()[0] ?? this.state.withoutPhoto()[0];
    if (!wanted) {
      this.finishPart.show();
      return;
    }
    const card = this.card(wanted.id);
    const group = card.closest<HTMLElement>("[data-group]");
    if (group) this.unfold(group);
    goTo(card);
  }

  private showFoot(): void {
    const foot = document.querySelector<HTMLElement>("[data-field-foot]");
    if (!foot) return;
    const open = this.state.open().length;
    const bare = this.state.withoutPhoto().length;
    const key = open ? "left" : bare ? "photos" : "ready";
    find(foot, "[data-next-words]").textContent = this.chip.words(key).replace("{n}", String(open || bare));
    find<HTMLButtonElement>(foot, "[data-undo]").disabled = !this.state.canUndo;
    const next = find(foot, "[data-next]");
    next.classList.toggle("cw-btn--primary", key === "ready");
    next.classList.toggle("cw-btn--brand", key !== "ready");
    const now = this.state.open()[0] ?? this.state.withoutPhoto()[0];
    for (const card of this.cards) card.classList.toggle("is-now", idOf(card) === now?.id);
  }

  private showCard(card: HTMLElement): void {
    const check = idOf(card);
    const answer = this.state.answer(check);
    for (const radio of card.querySelectorAll<HTMLInputElement>("input[type=radio]")) radio.checked = radio.value === answer.value;
    const rare = answer.value === "not-applicable" || answer.value === "not-observable";
    if (rare) this.more(card, true);
    find(card, "[data-reasons]").hidden = answer.value !== "not-observable";
    for (const chip of card.querySelectorAll<HTMLElement>("[data-reason-choice]")) chip.setAttribute("aria-pressed", String(chip.dataset["reasonChoice"] === answer.reason));
    setUnlessTyping(find(card, "[data-reason-input]"), answer.reason);
    setUnlessTyping(find(card, "[data-note-input]"), answer.note);
    const count = card.querySelector<HTMLInputElement>("[data-count-input]");
    if (count) setUnlessTyping(count, answer.count === null ? "" : String(answer.count));
    find(card, "[data-proof-part]").hidden = !(answer.value === "not-met" || wantsPhoto(card.dataset["photo"] ?? "", answer.value));
    find(card, "[data-limit-words]").hidden = answer.value !== "not-met";
  }

  private more(card: HTMLElement, open?: boolean): void {
    const part = find(card, "[data-more-part]");
    part.hidden = !(open ?? part.hidden);
    find(card, "[data-more]").setAttribute("aria-expanded", String(!part.hidden));
  }

  /** A group that is wholly met takes one line. */
  private fold(group: HTMLElement): void {
    const checks = this.checksIn(group);
    const done = checks.every((check) => !this.state.isOpen(check) && !this.state.lacksPhoto(check));
    if (!done) return;
    const bad = this.state.counts(checks).notMet;
    find(group, "[data-folded-words]").textContent = bad ? this.chip.words("some").replace("{n}", String(bad)) : this.chip.words("all-met");
    find(group, "[data-folded-words]").className = bad ? "cw-bad" : "cw-good";
    find(group, "[data-folded]").hidden = false;
    find(group, "[data-unfolded]").hidden = true;
  }

  private unfold(group: HTMLElement): void {
    find(group, "[data-folded]").hidden = true;
    find(group, "[data-unfolded]").hidden = false;
  }

  private showRefusal(words: string): void {
    if (!words) return;
    const note = find(this.root, "[data-refusal]");
    find(note, "div").textContent = words;
    note.hidden = false;
  }

  private groups(): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>("[data-group]")];
  }

  private checksIn(group: HTMLElement): CheckInfo[] {
    const inside = new Set([...group.querySelectorAll<HTMLElement>("[data-check]")].map(idOf));
    return this.state.checks.filter((check) => inside.has(check.id));
  }
}

export function idOf(card: HTMLElement): number {
  return Number(card.dataset["check"]);
}

function info(card: HTMLElement): CheckInfo {
  return { id: idOf(card), photo: card.dataset["photo"] ?? "" };
}

function fromServer(card: HTMLElement): Answer {
  const { value = "", reason = "", note = "", count = "" } = card.dataset;
  return { value, reason, note, count: count === "" ? null : Number(count) };
}

function setUnlessTyping(input: HTMLElement, value: string): void {
  if (input !== document.activeElement) (input as HTMLInputElement).value = value;
}

function goTo(card: HTMLElement): void {
  card.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  const radio = card.querySelector<HTMLElement>("input[type=radio]:checked") ?? card.querySelector<HTMLElement>("input[type=radio]");
  radio?.focus({ preventScroll: true });
}

/** The day's page: what is only on this phone, with the way to the visit that holds it. */
async function showDay(day: HTMLElement, photos: PhotoStore): Promise<void> {
  const { user = "", login = "" } = day.dataset;
  const storage = localStore();
  const rows = [...document.querySelectorAll<HTMLAnchorElement>("a[data-visit]")];
  const kept = new Set(storage ? visitsKept(storage, user) : []);
  let left = 0;
  let first = "";
  for (const row of rows) {
    const visit = row.dataset["visit"] ?? "";
    const number = (kept.has(visit) ? new Outbox(storage, user, visit).size() : 0) + (await photos.of(`${user}:${visit}`)).length;
    left += number;
    rememberName(storage, visit, row.dataset["name"] ?? "");
    if (number && !first) first = row.href;
  }
  const chip = new FieldChip(login);
  chip.status("waiting");
  chip.left(left, true);
  chip.lead(day.dataset["outbox"] || first);
}

export async function start(): Promise<void> {
  const day = document.querySelector<HTMLElement>("[data-field-day]");
  if (day) await showDay(day, await openPhotos());
  const box = document.querySelector<HTMLElement>("[data-outbox-page]");
  if (box) await new OutboxPage(box, await openPhotos()).open();
  const keeps = document.querySelector<HTMLElement>(".cw-phone[data-keeps]");
  if (keeps) void keepPages((keeps.dataset["keeps"] ?? "").split(" "));
  const root = document.querySelector<HTMLElement>("[data-field]");
  if (root) await new FieldPage(root, await openPhotos()).open();
}
