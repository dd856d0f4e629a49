/** The fields of a key press that decide whether it sends the message. */
export type KeyPress = Pick<KeyboardEvent, "key" | "shiftKey" | "isComposing" | "keyCode">;

/** Whether a key press sends: Enter without Shift, and not the Enter that ends a word of an input method. */
export function sends({ key, shiftKey, isComposing, keyCode }: KeyPress): boolean {
  // Safari ends the composition before the key is pressed, and tells it by the code 229 alone.
  return key === "Enter" && !shiftKey && !isComposing && keyCode !== 229;
}
