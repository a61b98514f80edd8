// A field that takes files by drop, choice or camera: previews on the spot, refuses what is too large or of another kind.

export interface Limits { maxBytes: number; accept: string }
export type Fault = "tooBig" | "wrongKind" | "";

/** Whether a file fits an accept list such as "image/*,.pdf". */
export function accepted(name: string, type: string, accept: string): boolean {
  const kinds = accept.split(",").map((kind) => kind.trim().toLowerCase()).filter(Boolean);
  if (!kinds.length) return true;
  return kinds.some((kind) => {
    if (kind.startsWith(".")) return name.toLowerCase().endsWith(kind);
    return kind.endsWith("/*") ? type.startsWith(kind.slice(0, -1)) : type === kind;
  });
}

export function faultOf(file: File, limits: Limits): Fault {
  if (!accepted(file.name, file.type, limits.accept)) return "wrongKind";
  return file.size > limits.maxBytes ? "tooBig" : "";
}

function card(file: File, words: string): HTMLElement {
  const box = document.createElement("div");
  box.className = words ? "cw-drop__file is-refused" : "cw-drop__file";
  if (!words && file.type.startsWith("image/")) {
    const picture = document.createElement("img");
    picture.alt = "";
    picture.src = URL.createObjectURL(file);
    picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
    box.append(picture);
  }
  const label = document.createElement("span");
  label.textContent = words || `${file.name} ${sizeWords(file.size)}`;
  box.append(label);
  return box;
}

export function sizeWords(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** Keeps the good files in the field, shows all of them, the refused ones with their reason. */
export function showFiles(drop: HTMLElement, input: HTMLInputElement): void {
  const limits = { maxBytes: Number(drop.dataset["maxMb"] ?? 100) * 1024 * 1024, accept: input.accept };
  const place = drop.parentElement?.querySelector<HTMLElement>("[data-drop-files]");
  const good = new DataTransfer();
  const cards: HTMLElement[] = [];
  for (const file of input.files ?? []) {
    const fault = faultOf(file, limits);
    const words = fault ? (drop.dataset[fault === "tooBig" ? "tooBig" : "wrongKind"] ?? "").replace("{name}", file.name) : "";
    if (!fault) good.items.add(file);
    cards.push(card(file, words));
  }
  if (good.files.length !== (input.files?.length ?? 0)) input.files = good.files;
  place?.replaceChildren(...cards);
}

export function start(): void {
  const dropOf = (event: Event): HTMLElement | null => (event.target as Element).closest<HTMLElement>("[data-drop]");
  document.addEventListener("change", (event) => {
    const drop = dropOf(event);
    if (drop && event.target instanceof HTMLInputElement) showFiles(drop, event.target);
  });
  document.addEventListener("dragenter", (event) => dropOf(event)?.classList.add("is-over"));
  for (const name of ["dragleave", "drop"]) document.addEventListener(name, (event) => dropOf(event)?.classList.remove("is-over"));
}
