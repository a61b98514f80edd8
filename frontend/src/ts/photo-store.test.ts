import { expect, test } from "vitest";
import { MemoryPhotos, openPhotos, type Shot } from "./photo-store";

const shot = (uid: string, owner = "7:v1", at = "1"): Shot =>
  ({ uid, owner, check: 1, blob: new Blob(["x"]), name: "a.jpg", at, longitude: null, latitude: null });

// As much of IndexedDB as the module uses: one table, requests that succeed later, transactions that complete.
// `room.full` lets every transaction fail, as where the phone has no room; `room.asked` is what the last one asked for.
function fakeFactory(rows: Map<string, Shot>, room: { full?: boolean; asked?: unknown } = {}): IDBFactory {
  const later = (act: () => void): void => { queueMicrotask(act); };
  const request = <T>(result: T): IDBRequest<T> => {
    const made = { result } as IDBRequest<T>;
    later(() => made.onsuccess?.(new Event("success")));
    return made;
  };
  const table = {
    put: (row: Shot) => room.full || rows.set(row.uid, row),
    delete: (uid: string) => rows.delete(uid),
    getAll: () => request([...rows.values()]),
  };
  const database = {
    createObjectStore: () => table,
    transaction: (_table: string, _mode: string, options?: IDBTransactionOptions) => {
      const work = { objectStore: () => table, error: null, oncomplete: null as null | (() => void), onabort: null as null | (() => void) };
      room.asked = options;
      later(() => (room.full ? work.onabort?.() : work.oncomplete?.()));
      return work;
    },
  };
  return {
    open: () => {
      const made = { result: database } as unknown as IDBOpenDBRequest;
      later(() => { made.onupgradeneeded?.(new Event("u") as IDBVersionChangeEvent); made.onsuccess?.(new Event("s")); });
      return made;
    },
  } as unknown as IDBFactory;
}

test("photos of one visit come back in the order taken and go when the server has them", async () => {
  const rows = new Map<string, Shot>();
  const store = await openPhotos(fakeFactory(rows));
  await store.put(shot("b", "7:v1", "2"));
  await store.put(shot("a", "7:v1", "1"));
  await store.put(shot("c", "7:v2"));
  const again = await openPhotos(fakeFactory(rows));
  expect((await again.of("7:v1")).map((one) => one.uid)).toEqual(["a", "b"]);
  await again.remove("a");
  expect([...rows.keys()]).toEqual(["b", "c"]);
  expect(store.durable).toBe(true);
});

test("where the browser refuses a store the page keeps them and says so", async () => {
  const failing = { open: () => { throw new Error("forbidden"); } } as unknown as IDBFactory;
  const store = await openPhotos(failing);
  await store.put(shot("a"));
  expect([store.durable, (await store.of("7:v1")).length]).toEqual([false, 1]);
  await store.remove("a");
  expect(await store.of("7:v1")).toEqual([]);
  expect(new MemoryPhotos().durable).toBe(false);
});

test("a photo for which the phone has no room stays in the page, and says so, until it is kept or sent", async () => {
  const rows = new Map<string, Shot>();
  const room: { full?: boolean; asked?: unknown } = {};
  const store = await openPhotos(fakeFactory(rows, room));
  await store.put(shot("a", "7:v1", "1"));
  expect(room.asked).toEqual({ durability: "strict" }); // on disk, not only handed to the system
  room.full = true;
  await store.put({ ...shot("a", "7:v1", "1"), longitude: 117.1 });
  await store.put(shot("b", "7:v1", "2"));
  expect([store.durable, (await store.of("7:v1")).map((one) => [one.uid, one.longitude])]).toEqual([false, [["a", 117.1], ["b", null]]]);
  room.full = false;
  await store.put(shot("b", "7:v1", "2"));
  await store.remove("a");
  expect([store.durable, (await store.of("7:v1")).map((one) => one.uid), [...rows.keys()]]).toEqual([true, ["b"], ["b"]]);
});
