// Photos of the checklist: kept on the phone first, shown from there, sent when there is a network.

import { find, type FieldPage } from "./field";
import { locate } from "./locate";
import { newUid } from "./outbox";
import type { PhotoStore, Shot } from "./photo-store";
import { smallCopy } from "./shrink";
import { csrfToken } from "./sender";

export class PhotoPart {
  constructor(
    private readonly page: FieldPage,
    private readonly store: PhotoStore,
    private readonly owner: string,
    private readonly address: string,
  ) {}

  /** Count what the server has and show what is still on the phone. */
  async restore(): Promise<void> {
    for (const shot of await this.store.of(this.owner)) if (!this.thumb(shot.check, shot.uid)) this.show(shot);
    for (const photo of this.page.known.photos()) if (!this.thumb(photo.check, photo.uid)) this.hang(photo.check, photo.uid, photo.url, "photo-sent");
    for (const check of this.page.state.checks) this.count(check.id);
  }

  /** A photo was taken: kept with its time, then with the position of this moment. */
  async take(check: number, input: HTMLInputElement): Promise<void> {
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    const shot: Shot = {
      uid: newUid(), owner: this.owner, check, blob: file, name: file.name || "photo.jpg",
      at: new Date().toISOString(), longitude: null, latitude: null,
    };
    await this.store.put(shot);
    this.show(shot);
    this.page.showAll();
    const [position, copy] = await Promise.all([locate(4000), smallCopy(file)]);
    const kept = (await this.store.of(this.owner)).some((one) => one.uid === shot.uid);
    if (kept) await this.store.put({ ...shot, ...position, ...(copy ? { copy } : {}) });
    void this.page.sender.kick();
  }

  sent(shot: Shot, url: string): void {
    const image = this.thumb(shot.check, shot.uid)?.querySelector("img");
    if (image) {
      URL.revokeObjectURL(image.src);
      image.src = url;
    }
    this.page.known.addPhoto({ uid: shot.uid, check: shot.check, url });
    this.say(shot.check, shot.copy ? "copy-sent" : "photo-sent");
    this.page.showAll();
  }

  /** A photo that the server could not take leaves the page. */
  forget(shot: Shot): void {
    this.thumb(shot.check, shot.uid)?.remove();
    this.count(shot.check);
    this.page.showAll();
  }

  /** The answer was undone: its photos go, those on the server with it. */
  async forgetAll(check: number): Promise<void> {
    for (const shot of await this.store.of(this.owner)) if (shot.check === check) await this.store.remove(shot.uid);
    find(this.page.card(check), "[data-thumbs]").replaceChildren();
    this.count(check);
    this.page.showAll();
  }

  async remove(check: number, uid: string): Promise<void> {
    const kept = (await this.store.of(this.owner)).find((one) => one.uid === uid);
    if (kept && !kept.copySent) await this.store.remove(uid);
    else {
      const gone = await fetch(`${this.address}${uid}/remove/`, { method: "POST", headers: { "X-CSRFToken": csrfToken() } }).catch(() => undefined);
      if (!gone?.ok) return; // without a network the photo stays, and so does its button
      if (kept) await this.store.remove(uid);
    }
    this.page.known.dropPhoto(uid);
    this.thumb(check, uid)?.remove();
    this.count(check);
    this.page.showAll();
  }

  private thumb(check: number, uid: string): HTMLElement | null {
    return this.page.card(check).querySelector<HTMLElement>(`[data-shot="${uid}"]`);
  }

  private show(shot: Shot): void {
    const state = shot.copySent ? "copy-sent" : this.store.durable ? "photo-kept" : "frail";
    this.hang(shot.check, shot.uid, URL.createObjectURL(shot.blob), state);
  }

  private hang(check: number, uid: string, url: string, state: string): void {
    const box = document.createElement("span");
    box.className = "cw-shot";
    box.dataset["shot"] = uid;
    const image = document.createElement("img");
    image.className = "cw-thumb";
    image.alt = this.page.chip.words(state);
    image.src = url;
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "cw-shot__drop";
    drop.dataset["remove"] = uid;
    drop.setAttribute("aria-label", this.page.chip.words("remove"));
    drop.textContent = "×";
    box.append(image, drop);
    find(this.page.card(check), "[data-thumbs]").append(box);
    this.say(check, state);
    this.count(check);
  }

  private say(check: number, key: string): void {
    find(this.page.card(check), "[data-photo-state]").textContent = this.page.chip.words(key);
  }

  private count(check: number): void {
    const card = this.page.card(check);
    const number = card.querySelectorAll("[data-shot]").length;
    this.page.state.setPhotos(check, number);
    if (number === 0) find(card, "[data-photo-state]").textContent = "";
  }
}
