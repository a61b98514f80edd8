// Photos stay on the phone, whole and untouched, until the server has them: IndexedDB holds them as blobs.

export interface Shot {
  uid: string;
  owner: string; // user:visit
  check: number;
  blob: Blob;
  name: string;
  at: string;
  longitude: number | null;
  latitude: number | null;
  copy?: Blob; // a small one that goes first
  copySent?: boolean; // the server shows the copy and waits for the original
}

export interface PhotoStore {
  /** False while photos live in the page only: the browser refuses a store, or the phone is full. */
  readonly durable: boolean;
  put(shot: Shot): Promise<void>;
  remove(uid: string): Promise<void>;
  of(owner: string): Promise<Shot[]>;
  all(): Promise<Shot[]>;
}

const DATABASE = "cw-field";
const TABLE = "photos";

export class MemoryPhotos implements PhotoStore {
  readonly durable = false;
  private readonly shots = new Map<string, Shot>();
  async put(shot: Shot): Promise<void> { this.shots.set(shot.uid, shot); }
  async remove(uid: string): Promise<void> { this.shots.delete(uid); }
  async of(owner: string): Promise<Shot[]> { return (await this.all()).filter((one) => one.owner === owner); }
  async all(): Promise<Shot[]> { return [...this.shots.values()]; }
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the store failed"));
  });
}

class KeptPhotos implements PhotoStore {
  durable = true;
  private readonly homeless = new Map<string, Shot>(); // what the phone had no room for: the page is its last place
  constructor(private readonly database: IDBDatabase) {}

  async put(shot: Shot): Promise<void> {
    try {
      await this.write((table) => table.put(shot));
      this.homeless.delete(shot.uid);
    } catch {
      this.homeless.set(shot.uid, shot);
    }
    this.durable = this.homeless.size === 0;
  }

  async remove(uid: string): Promise<void> {
    await this.write((table) => table.delete(uid));
    this.homeless.delete(uid);
    this.durable = this.homeless.size === 0;
  }

  async of(owner: string): Promise<Shot[]> {
    return (await this.all()).filter((one) => one.owner === owner);
  }

  async all(): Promise<Shot[]> {
    const table = this.database.transaction(TABLE, "readonly").objectStore(TABLE);
    const kept = await settled(table.getAll() as IDBRequest<Shot[]>);
    const shots = [...kept.filter((one) => !this.homeless.has(one.uid)), ...this.homeless.values()];
    return shots.sort((a, b) => a.at.localeCompare(b.at));
  }

  /** Done when the transaction is on disk, not when the request is: a phone that dies in the cold keeps it. */
  private write(act: (table: IDBObjectStore) => unknown): Promise<void> {
    return new Promise((resolve, reject) => {
      const work = this.database.transaction(TABLE, "readwrite", { durability: "strict" });
      work.oncomplete = () => resolve();
      work.onerror = work.onabort = () => reject(work.error ?? new Error("the store failed"));
      act(work.objectStore(TABLE));
    });
  }
}

/** The phone's own store, or the page's memory where the browser refuses one (private windows, old chat programs). */
export async function openPhotos(factory: IDBFactory | undefined = globalThis.indexedDB): Promise<PhotoStore> {
  if (!factory) return new MemoryPhotos();
  try {
    const request = factory.open(DATABASE, 1);
    request.onupgradeneeded = () => { request.result.createObjectStore(TABLE, { keyPath: "uid" }); };
    return new KeptPhotos(await settled(request));
  } catch {
    return new MemoryPhotos();
  }
}
