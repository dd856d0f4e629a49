/** The scheme of colours: that of the system, or one that was chosen in this browser. */
export type Appearance = "system" | "light" | "dark";

const KEY = "plaza:appearance";

export function appearance(): Appearance {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === "light" || kept === "dark" ? kept : "system";
  } catch {
    return "system";
  }
}

/** Shows the page in the scheme that was chosen. */
export function applyAppearance(): void {
  const chosen = appearance();
  document.documentElement.style.colorScheme = chosen === "system" ? "" : chosen;
}

export function chooseAppearance(chosen: Appearance): void {
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // Without storage, the system's scheme stays.
  }
  applyAppearance();
}
