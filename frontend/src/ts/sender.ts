// Sends what the phone keeps until the server has it: answers first, then photos, one try at a time, waiting longer
// after each failure. Nothing is forgotten before it is acknowledged; sending twice is harmless.

import type { Outbox } from "./outbox";
import type { PhotoStore, Shot } from "./photo-store";

export type Status = "idle" | "sending" | "waiting" | "signed-out" | "refused";

export interface Addresses { answers: string; photos: string }
export interface Told {
  status(status: Status, words: string): void;
  keptAnswers?(): void;
  refusedAnswer?(uid: string, why: string): void;
  sentPhoto?(shot: Shot, url: string): void;
  refusedPhoto?(shot: Shot, why: string): void;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
const BATCH = 100;
const TIMEOUT_MS = { answers: 20_000, photos: 120_000 };

class Stop extends Error {
  constructor(readonly status: Status, message: string) { super(message); }
}

export class Sender {
  private running = false;
  private again = false;
  private originalsToo = false;
  private waitMs = FIRST_WAIT_MS;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly outbox: Outbox,
    private readonly photos: PhotoStore,
    private readonly owner: string,
    private readonly addresses: Addresses,
    private readonly told: Told,
    private readonly fetcher: typeof fetch = (...args) => fetch(...args),
    private readonly goodNetwork: () => boolean = isGoodNetwork,
  ) {}

  /** How many answers and photos are only on this phone. An original whose copy the server shows is not among them. */
  async left(): Promise<number> {
    return this.outbox.size() + (await this.photos.of(this.owner)).filter((shot) => !shot.copySent).length;
  }

  /** How many originals still follow. */
  async originals(): Promise<number> {
    return (await this.photos.of(this.owner)).filter((shot) => shot.copySent).length;
  }

  /** Send what there is; harmless at any time, also while sending. `originalsToo` does not wait for a good network. */
  async kick(originalsToo = false): Promise<void> {
    this.originalsToo ||= originalsToo;
    if (this.running) {
      this.again = true;
      return;
    }
    clearTimeout(this.timer);
    this.running = true;
    try {
      do {
        this.again = false;
        await this.sendAll();
      } while (this.again);
      this.waitMs = FIRST_WAIT_MS;
      this.originalsToo = false;
      this.told.status("idle", "");
    } catch (fault) {
      this.stumble(fault);
    } finally {
      this.running = false;
    }
  }

  private stumble(fault: unknown): void {
    if (fault instanceof Stop) {
      this.told.status(fault.status, fault.message);
      return; // trying again by itself would not help
    }
    this.told.status("waiting", "");
    this.timer = setTimeout(() => void this.kick(), this.waitMs);
    this.waitMs = Math.min(this.waitMs * 2, LONGEST_WAIT_MS);
  }

  private async sendAll(): Promise<void> {
    while (this.outbox.size() > 0) {
      this.told.status("sending", "");
      await this.sendAnswers();
    }
    for (const shot of await this.photos.of(this.owner)) {
      if (shot.copySent) continue;
      this.told.status("sending", "");
      await this.sendPhoto(shot);
    }
    if (!this.originalsToo && !this.goodNetwork()) return;
    for (const shot of await this.photos.of(this.owner)) {
      if (!shot.copySent) continue;
      this.told.status("sending", "");
      await this.sendOriginal(shot);
    }
  }

  private async sendAnswers(): Promise<void> {
    const start = this.outbox.start();
    const answers = this.outbox.entries().slice(0, BATCH);
    const body = JSON.stringify({ start, answers });
    const { data } = await this.post(this.addresses.answers, body, TIMEOUT_MS.answers, { "Content-Type": "application/json" });
    const refused = (data["refused"] ?? {}) as Record<string, string>;
    for (const [uid, why] of Object.entries(refused)) this.told.refusedAnswer?.(uid, why);
    this.outbox.drop([...((data["kept"] ?? []) as string[]), ...Object.keys(refused)], start !== null);
    this.told.keptAnswers?.();
  }

  private async sendPhoto(shot: Shot): Promise<void> {
    const body = new FormData();
    body.set("uid", shot.uid);
    body.set("check", String(shot.check));
    body.set("at", shot.at);
    if (shot.longitude !== null) body.set("longitude", String(shot.longitude));
    if (shot.latitude !== null) body.set("latitude", String(shot.latitude));
    if (shot.copy) body.set("copy", "1");
    body.set("photo", shot.copy ?? shot.blob, shot.name);
    const { ok, data } = await this.post(this.addresses.photos, body, TIMEOUT_MS.photos, {}, true);
    if (ok && shot.copy) {
      const { copy: _copy, ...original } = shot;
      await this.photos.put({ ...original, copySent: true });
    } else await this.photos.remove(shot.uid);
    if (ok) this.told.sentPhoto?.(shot, String(data["url"] ?? ""));
    else this.told.refusedPhoto?.(shot, String(data["refusal"] ?? ""));
  }

  /** The untouched original takes the copy's place. Where the photo was taken away meanwhile, it goes from the phone, too. */
  private async sendOriginal(shot: Shot): Promise<void> {
    const body = new FormData();
    body.set("photo", shot.blob, shot.name);
    await this.post(`${this.addresses.photos}${shot.uid}/original/`, body, TIMEOUT_MS.photos, {}, true);
    await this.photos.remove(shot.uid);
  }

  /** One request. Throws Stop where only a person can help, anything else where a later try may. */
  private async post(
    url: string, body: BodyInit, timeout: number, headers: Record<string, string>, mayFail = false,
  ): Promise<{ ok: boolean; data: Record<string, unknown> }> {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), timeout);
    let response: Response;
    try {
      response = await this.fetcher(url, {
        method: "POST", body, redirect: "manual", credentials: "same-origin", signal: stop.signal,
        headers: { ...headers, "X-CSRFToken": csrfToken() },
      });
    } finally {
      clearTimeout(timer);
    }
    if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400) || response.status === 403) {
      throw new Stop("signed-out", "");
    }
    if (response.status >= 500 || response.status === 429) throw new Error(`the server answered ${response.status}`);
    const data = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    if (response.ok) return { ok: true, data };
    if (mayFail && (data["final"] === true || response.status === 404)) return { ok: false, data };
    throw new Stop("refused", String(data["refusal"] ?? ""));
  }
}

/** Whether large files may go now: not over a metered or slow line, where the browser tells. */
export function isGoodNetwork(line = (navigator as { connection?: { saveData?: boolean; type?: string; effectiveType?: string } }).connection): boolean {
  if (!line) return true;
  return !line.saveData && line.type !== "cellular" && !["slow-2g", "2g", "3g"].includes(line.effectiveType ?? "");
}

/** Django's token: from the cookie, which a new sign-in renews, else from the page. */
export function csrfToken(): string {
  const cookie = document.cookie.split("; ").find((one) => one.startsWith("csrftoken="));
  return cookie?.slice("csrftoken=".length) ?? document.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "";
}
