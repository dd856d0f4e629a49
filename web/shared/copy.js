import { h } from "./dom.js";

const CONFIRMATION_MS = 1600;

/** A button that copies whatever `text()` returns when it is pressed. */
export function copyButton(label, text) {
  const button = h("button", { type: "button", className: "button button-small" }, label);
  const status = h("span", { className: "visually-hidden", role: "status" });
  button.addEventListener("click", async () => {
    const copied = await copy(text());
    const word = copied ? "Copied" : "Copying failed";
    button.textContent = word;
    status.textContent = word;
    setTimeout(() => {
      button.textContent = label;
      status.textContent = "";
    }, CONFIRMATION_MS);
  });
  return [button, status];
}

/** The clipboard interface exists only in secure contexts; a server on a local
 *  network is often reached over plain HTTP, where the old command still works. */
async function copy(text) {
  if (navigator.clipboard) {
    return navigator.clipboard.writeText(text).then(() => true, () => false);
  }
  const area = h("textarea", { className: "visually-hidden", value: text });
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  return copied;
}
