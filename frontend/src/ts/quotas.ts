// Adds up the quotas of a draw while they are typed, and lets the button of an act that cannot be taken back work once.

export function start(): void {
  document.addEventListener("input", (event) => {
    const table = event.target instanceof HTMLElement && event.target.matches("[data-quota]") ? event.target.closest("[data-quotas]") : null;
    const sum = table?.querySelector("[data-quota-sum]");
    if (!table || !sum) return;
    const fields = [...table.querySelectorAll<HTMLInputElement>("[data-quota]:not(:disabled)")];
    sum.textContent = String(fields.reduce((total, field) => total + (Number.parseInt(field.value, 10) || 0), 0));
  });
  document.addEventListener("submit", (event) => {
    const button = (event as SubmitEvent).submitter;
    // Disabled only after the browser has read the form.
    if (button instanceof HTMLButtonElement && button.matches("[data-once]")) setTimeout(() => { button.disabled = true; });
  });
}
