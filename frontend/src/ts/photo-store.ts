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
  /** False where photos live in the page only. */
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
  readonly durable = true;
  constructor(private readonly database: IDBDatabase) {}

  async put(shot: Shot): Promise<void> { await this.write((table) => table.put(shot)); }
  async remove(uid: string): Promise<void> { await this.write((table) => table.delete(uid)); }

  async of(owner: string): Promise<Shot[]> {
    return (await this.all()).filter((one) => one.owner === owner);
  }

  async all(): Promise<Shot[]> {
    const table = this.database.transaction(TABLE, "readonly").objectStore(TABLE);
    const shots = await settled(table.getAll() as IDBRequest<Shot[]>);
    return shots.sort((a, b) => a.at.localeCompare(b.at));
  }

  /** Done when the transaction is on disk, not when the request is. */
  private write(act: (table: IDBObjectStore) => unknown): Promise<void> {
    return new Promise((resolve, reject) => {
      const work = this.database.transaction(TABLE, "readwrite");
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
