// The field's service worker: pages that were opened once open again without a network.

import { answer, kindOf, STORE, type Kept } from "./ts/field-cache";

interface Extended extends Event { waitUntil(work: Promise<unknown>): void }
interface Fetched extends Extended { request: Request; respondWith(response: Promise<Response>): void }
interface Worker extends EventTarget { skipWaiting(): Promise<void>; clients: { claim(): Promise<void> }; location: Location }

const worker = globalThis as unknown as Worker;

async function store(): Promise<Kept> {
  const cache = await caches.open(STORE);
  return {
    match: (request) => cache.match(request),
    put: (request, response) => cache.put(request, response),
    clear: async () => { await caches.delete(STORE); },
  };
}

worker.addEventListener("install", (event) => (event as Extended).waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event) => (event as Extended).waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (event) => {
  const { request } = event as Fetched;
  const kind = kindOf(request, worker.location.origin);
  if (kind) (event as Fetched).respondWith(store().then((kept) => answer(request, kind, kept, (one) => fetch(one))));
});
