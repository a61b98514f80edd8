// A part of the page that cannot be fetched since the person was signed out: the page stays with all that was typed, and
// signing in happens in another tab. Back here the page takes the token of the new session, if it is the same person's.

import { forget, tell } from "./swaps";

type Found = "same" | "other" | "out";

/** Asks for this page again: who is signed in now, and with which token. Takes the token of the same person. */
export async function renew(fetcher: typeof fetch = (...of) => fetch(...of)): Promise<Found> {
  const answer = await fetcher(location.href, { headers: { Accept: "text/html" } }).catch(() => undefined);
  if (!answer?.ok) return "out";
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.body.dataset["person"];
  if (!now) return "out";
  if (now !== document.body.dataset["person"]) return "other";
  const headers = page.body.getAttribute("hx-headers") ?? "{}";
  document.body.setAttribute("hx-headers", headers);
  const token = (JSON.parse(headers) as Record<string, string>)["X-CSRFToken"] ?? "";
  for (const field of document.querySelectorAll<HTMLInputElement>("[name=csrfmiddlewaretoken]")) field.value = token;
  return "same";
}

let signedOut = false;

function refused(event: Event): void {
  const xhr = (event as CustomEvent<{ xhr?: { status: number; responseText: string } }>).detail?.xhr;
  const region = document.getElementById("cw-toasts");
  if (xhr?.status === 401) {
    signedOut = true;
    tell("signedOut", { label: region?.dataset["signInLabel"] ?? "", url: region?.dataset["signIn"] ?? "/" });
  } else if (xhr?.status === 403 && xhr.responseText.includes("data-interrupts")) {
    void renew().then((found) => tell(found === "same" ? "signedIn" : "another"));
  }
}

async function lookAgain(): Promise<void> {
  if (!signedOut || document.visibilityState === "hidden") return;
  const found = await renew();
  if (found === "out") return;
  signedOut = false;
  if (found === "same") forget();
  else tell("another");
}

export function start(): void {
  document.addEventListener("htmx:responseError", refused);
  document.addEventListener("visibilitychange", () => void lookAgain());
}
