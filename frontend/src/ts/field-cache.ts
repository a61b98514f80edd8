// What the service worker keeps of the field: the pages under /field/ and their parts, always asked of the network
// first. Nothing else of the program is touched, and everything kept goes when the person is signed out.

export const STORE = "cw-field-1";
const PATIENCE_MS = 6000;

export interface Asked { method: string; url: string; mode: string; destination: string }
export interface Kept {
  match(request: RequestInfo): Promise<Response | undefined>;
  put(request: RequestInfo, response: Response): Promise<void>;
  clear(): Promise<void>;
}

/** Whether a request is for a page of the field, a part of it, or nothing of ours. */
export function kindOf(asked: Asked, origin: string): "page" | "part" | "" {
  const url = new URL(asked.url);
  if (asked.method !== "GET" || url.origin !== origin) return "";
  if (asked.mode === "navigate") return url.pathname.startsWith("/field/") ? "page" : "";
  if (["script", "style", "font"].includes(asked.destination) || url.pathname.endsWith(".svg")) return "part";
  return "";
}

/** The network's answer, else what is kept; a signal too weak for `patience` counts as none where something is kept. */
export async function answer(
  request: Request, kind: "page" | "part", kept: Kept, fetcher: (request: Request) => Promise<Response>, patience = PATIENCE_MS,
): Promise<Response> {
  const old = kept.match(request.url);
  const fresh = fetcher(request).then(async (response) => {
    if (kind === "page" && (response.redirected || response.type === "opaqueredirect" || response.status === 403)) await kept.clear();
    else if (response.ok) await kept.put(request.url, response.clone());
    return response;
  });
  const slow = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), patience));
  try {
    const first = await Promise.race([fresh, slow]);
    if (first) return first;
    return (await old) ?? (await fresh);
  } catch (fault) {
    const found = await old;
    if (found) return found;
    throw fault;
  } finally {
    fresh.catch(() => undefined);
  }
}
