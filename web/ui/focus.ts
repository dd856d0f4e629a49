/** The button of the menu that was opened last: what an item of it opens gives the focus back to this button. */
let menuButton: HTMLElement | null = null;

export function rememberMenu(button: HTMLElement | null): void {
  menuButton = button;
}

/** The element that gets the focus back from what is opened now. */
export function focusBefore(): HTMLElement | null {
  const focused = document.activeElement;
  // The item of a menu goes with the menu, or is gone already.
  const isLasting = focused instanceof HTMLElement && focused !== document.body && !focused.closest("[role='menu']");
  return isLasting ? focused : menuButton;
}

/** Returns the focus to an element, or to the screen's title if that element no longer exists. */
export function giveFocusBack(element: HTMLElement | null): void {
  setTimeout(() => {
    if (document.activeElement && document.activeElement !== document.body) return;
    const target = element?.isConnected ? element : document.querySelector<HTMLElement>("main h1");
    target?.focus({ preventScroll: true });
  });
}
