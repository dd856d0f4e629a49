import { h } from "./dom";

const CONFIRMATION_MS = 1600;

/** A button that copies whatever `text()` returns when it is pressed. */
export function copyButton(label: string, text: () => string): HTMLElement[] {
  const button = h("button", { type: "button", className: "button button-small" }, label);
  const status = h("span", { className: "visually-hidden", role: "status" });
  const confirm = (isCopied: boolean) => {
    const word = isCopied ? "Copied" : "Copying failed";
    button.textContent = word;
    status.textContent = word;
    setTimeout(() => {
      button.textContent = label;
      status.textContent = "";
    }, CONFIRMATION_MS);
  };
  button.addEventListener("click", () => void copy(text()).then(confirm));
  return [button, status];
}

/** The clipboard interface exists only in secure contexts; a server on a local
 *  network is often reached over plain HTTP, where the old command still works. */
async function copy(text: string): Promise<boolean> {
  if ("clipboard" in navigator) {
    return navigator.clipboard.writeText(text).then(() => true, () => false);
  }
  const area = h("textarea", { className: "visually-hidden", value: text });
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  return copied;
}
