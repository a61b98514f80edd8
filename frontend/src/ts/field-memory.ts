// What a phone remembers of its visits beside the outbox: names for the outbox page, and the answers and photos that
// the server already has, for the page that was kept for times without a network and knows nothing of them.

import type { Answer } from "./checklist-state";

export interface KnownPhoto { uid: string; check: number; url: string }
interface Known { made: string; at: number; answers: Record<string, Answer>; photos: KnownPhoto[] }

const NAMES = "cw-visit-name:";
const KNOWN = "cw-known:";

export function rememberName(storage: Storage | undefined, visit: string, name: string): void {
  try {
    if (name) storage?.setItem(NAMES + visit, name);
  } catch { /* full: the outbox page says "a place of another day" */ }
}

export function nameOf(storage: Storage | undefined, visit: string): string {
  return storage?.getItem(NAMES + visit) ?? "";
}

/**
 * The answers given on one making of a page. The server's next page has them itself, and this is emptied, unless the
 * server acknowledged something after that page was asked for: then the page may have been made a moment too early.
 */
export class KnownAnswers {
  private readonly key: string;
  private known: Known;

  constructor(private readonly storage: Storage | undefined, user: string, visit: string, made: string, asked = performance.timeOrigin) {
    this.key = `${KNOWN}${user}:${visit}`;
    const before = this.read();
    this.known = before.made === made || before.at >= asked ? { ...before, made } : { made, at: 0, answers: {}, photos: [] };
  }

  all(): [number, Answer][] {
    return Object.entries(this.known.answers).map(([check, answer]) => [Number(check), answer]);
  }

  set(check: number, answer: Answer): void {
    this.known.answers[String(check)] = answer;
    if (!answer.value) this.known.photos = this.known.photos.filter((one) => one.check !== check);
    this.write();
  }

  photos(): readonly KnownPhoto[] {
    return this.known.photos;
  }

  addPhoto(photo: KnownPhoto): void {
    this.known.photos.push(photo);
    this.write();
  }

  dropPhoto(uid: string): void {
    this.known.photos = this.known.photos.filter((one) => one.uid !== uid);
    this.write();
  }

  /** The server has acknowledged something just now. */
  acknowledged(): void {
    this.write();
  }

  private write(): void {
    this.known.at = Date.now();
    try {
      this.storage?.setItem(this.key, JSON.stringify(this.known));
    } catch { /* full: the outbox matters more */ }
  }

  private read(): Known {
    try {
      const found = JSON.parse(this.storage?.getItem(this.key) ?? "") as Partial<Known>;
      return { made: found.made ?? "", at: found.at ?? 0, answers: found.answers ?? {}, photos: found.photos ?? [] };
    } catch {
      return { made: "", at: 0, answers: {}, photos: [] };
    }
  }
}
