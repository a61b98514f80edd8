// Every tap is kept on the phone before anything else happens, and stays until the server says it has it.
// localStorage is used for answers because it is written before the tap's handler returns.

export interface Entry {
  uid: string;
  check: number;
  value: string; // met, not-met, not-applicable, not-observable; "" undoes
  reason: string;
  count: number | null;
  note: string;
  at: string; // the phone's clock
}

export interface Start { at: string; longitude: number | null; latitude: number | null }
interface Kept { start: Start | null; entries: Entry[] }

const PREFIX = "cw-outbox:";

export class Outbox {
  /** False where the browser refused to keep something: then only this page holds it. */
  durable = true;
  private memory: Kept | undefined;
  private readonly key: string;

  constructor(private readonly storage: Storage | undefined, user: string, readonly visit: string) {
    this.key = `${PREFIX}${user}:${visit}`;
  }

  entries(): Entry[] {
    return this.read().entries;
  }

  start(): Start | null {
    return this.read().start;
  }

  /** How many things the server does not have yet. */
  size(): number {
    const kept = this.read();
    return kept.entries.length + (kept.start ? 1 : 0);
  }

  add(entry: Entry): void {
    const kept = this.read();
    this.write({ ...kept, entries: [...kept.entries, entry] });
  }

  setStart(start: Start): void {
    this.write({ ...this.read(), start });
  }

  /** Forget what the server acknowledged: these answers and, where it was sent along, the start. */
  drop(uids: Iterable<string>, started: boolean): void {
    const gone = new Set(uids);
    const kept = this.read();
    this.write({ start: started ? null : kept.start, entries: kept.entries.filter((one) => !gone.has(one.uid)) });
  }

  private read(): Kept {
    if (this.memory) return this.memory;
    try {
      const text = this.storage?.getItem(this.key);
      const kept = text ? (JSON.parse(text) as Partial<Kept>) : {};
      return { start: kept.start ?? null, entries: Array.isArray(kept.entries) ? kept.entries : [] };
    } catch {
      return { start: null, entries: [] };
    }
  }

  private write(kept: Kept): void {
    const empty = !kept.start && kept.entries.length === 0;
    try {
      if (!this.storage) throw new Error("no storage");
      if (empty) this.storage.removeItem(this.key);
      else this.storage.setItem(this.key, JSON.stringify(kept));
      this.memory = undefined;
      this.durable = true;
    } catch {
      this.memory = kept; // full or forbidden: the page itself is the last place
      this.durable = false;
    }
  }
}

/** The visits of `user` that still have something on this phone. */
export function visitsKept(storage: Storage, user: string): string[] {
  const prefix = `${PREFIX}${user}:`;
  const names = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "");
  return names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
}

/** The browser's storage, or undefined where it forbids it. */
export function localStore(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}

/** A name that no other message will ever have; also where the page is not served over TLS. */
export function newUid(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
