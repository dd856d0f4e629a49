/** On narrow screens the list of operations opens over the page. */
export function createMenu(button: HTMLElement, panel: HTMLElement): void {
  function set(isOpen: boolean): void {
    button.setAttribute("aria-expanded", String(isOpen));
    button.textContent = isOpen ? "Close" : "Menu";
    panel.classList.toggle("is-open", isOpen);
    document.body.classList.toggle("has-menu", isOpen);
  }
  const isOpen = () => button.getAttribute("aria-expanded") === "true";
  button.addEventListener("click", () => set(!isOpen()));
  panel.addEventListener("click", (event) => {
    if ((event.target as Element).closest("a")) set(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !isOpen()) return;
    set(false);
    button.focus();
  });
}
