/**
 * Goes back to the composer, once what had the focus is gone. Not on a phone: its keyboard would cover what was changed.
 */
export function focusComposer(): void {
  if (!matchMedia("(pointer: fine)").matches) return;
  setTimeout(() => document.querySelector<HTMLElement>(".composer textarea")?.focus({ preventScroll: true }));
}
