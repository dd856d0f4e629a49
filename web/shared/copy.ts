import { h } from "./dom";

const CONFIRMATION_MS = 1600;

/** The label of a copy button, and what it says afterwards. */
export interface CopyTexts {
  copy: string;
  copied: string;
  notCopied: string;
}

/** The texts of a copy button on a page in English. */
export const english = (copy: string): CopyTexts => ({ copy, copied: "Copied", notCopied: "Copying failed" });

/** Returns a button that copies the result of `text()` when it is pressed. */
export function copyButton({ copy: label, copied, notCopied }: CopyTexts, text: () => string): HTMLElement[] {
  const button = h("button", { type: "button", className: "button button-small" }, label);
  const status = h("span", { className: "visually-hidden", role: "status" });
  const confirm = (isCopied: boolean) => {
    const word = isCopied ? copied : notCopied;
    button.textContent = word;
    status.textContent = word;
    setTimeout(() => {
      button.textContent = label;
      status.textContent = "";
    }, CONFIRMATION_MS);
  };
  button.addEventListener("click", () => void write(text()).then(confirm));
  return [button, status];
}

/** The clipboard interface exists only in secure contexts; a server on a local
 *  network is often reached over plain HTTP, where the old command still works. */
async function write(text: string): Promise<boolean> {
  if ("clipboard" in navigator) {
    return navigator.clipboard.writeText(text).then(() => true, () => false);
  }
  const area = h("textarea", { className: "visually-hidden", value: text });
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  return isCopied;
}
