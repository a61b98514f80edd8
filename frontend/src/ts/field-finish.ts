// Finishing: what will be handed over is shown first, and nothing is finished before the server has everything.

import { find, type FieldPage } from "./field";

export class FinishPart {
  private readonly dialog: HTMLDialogElement;
  private unsent = 0;

  constructor(private readonly page: FieldPage) {
    this.dialog = find(page.root, "[data-finish-part]");
    find(this.dialog, "[data-finish-form]").addEventListener("submit", (event) => {
      if (this.unsent > 0) event.preventDefault();
      else find<HTMLButtonElement>(this.dialog, "[data-finish-yes]").disabled = true; // pressed once
    });
  }

  /** The problems that will be made, each with its type and deadline. */
  show(): void {
    const list = find(this.dialog, "[data-finish-list]");
    list.replaceChildren(...this.page.state.notMet().map((check) => line(this.page.card(check.id))));
    const some = list.children.length > 0;
    find(this.dialog, "[data-finish-some]").hidden = !some;
    find(this.dialog, "[data-finish-none]").hidden = some;
    this.dialog.showModal();
    void this.page.sender.kick();
  }

  left(number: number): void {
    this.unsent = number;
    const wait = find(this.dialog, "[data-finish-wait]");
    wait.textContent = number ? this.page.chip.words("unsent").replace("{n}", String(number)) : "";
    wait.hidden = number === 0;
    find<HTMLButtonElement>(this.dialog, "[data-finish-yes]").disabled = number > 0;
  }
}

function line(card: HTMLElement): HTMLElement {
  const item = document.createElement("li");
  const words = document.createElement("div");
  words.className = "cw-grow";
  words.textContent = card.querySelector(".cw-check__text span")?.textContent ?? "";
  const second = document.createElement("div");
  second.className = "cw-list__text";
  second.textContent = card.dataset["limit"] ?? "";
  words.append(second);
  const due = document.createElement("span");
  due.className = "cw-dim cw-sm cw-nowrap";
  due.textContent = card.dataset["due"] ?? "";
  item.append(words, due);
  return item;
}
