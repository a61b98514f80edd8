// The personal switch between compact and roomy rows; a cookie, so that the server draws the page right at once.

const YEAR_S = 31_536_000;

export const density = (): string => document.documentElement.dataset["density"] ?? "compact";

function showWord(button: HTMLElement): void {
  const word = button.querySelector("[data-density-word]") ?? button;
  word.textContent = (density() === "roomy" ? button.dataset["compact"] : button.dataset["roomy"]) ?? "";
}

export function start(): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-density-switch]")) showWord(button);
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-density-switch]");
    if (!button) return;
    document.documentElement.dataset["density"] = density() === "roomy" ? "compact" : "roomy";
    document.cookie = `cw_density=${density()}; path=/; max-age=${YEAR_S}; samesite=lax`;
    showWord(button);
  });
}
