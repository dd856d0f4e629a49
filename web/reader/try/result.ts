import { copyButton, english } from "../../shared/copy";
import { h } from "../../shared/dom";
import { codeBlock } from "../views/json";
import { statusBadge } from "../views/responses";

// Headers that the transport or the page's hardening adds say nothing about the request.
const DULL = /^(date|connection|keep-alive|transfer-encoding|vary|server|alt-svc|content-security-policy|strict-transport-security|referrer-policy|permissions-policy|cross-origin-.*|x-content-type-options|x-frame-options|access-control-.*)$/;
const SHOWN_CHARACTERS = 1_000_000;
const SHOWN_EVENTS = 20_000;

/** Shows an answer as it comes in. */
export async function showResponse(place: HTMLElement, response: Response, milliseconds: number): Promise<void> {
  const body = h("div", { className: "result-body" });
  place.replaceChildren(
    h(
      "p",
      { className: "result-line", role: "status" },
      statusBadge(response.status),
      h("span", {}, response.statusText || "Answered"),
      h("span", { className: "quiet" }, `${Math.round(milliseconds)} ms`),
    ),
    headersView(response.headers) ?? "",
    body,
  );
  const type = response.headers.get("content-type") ?? "";
  if (type.startsWith("text/event-stream")) return showStream(body, response);
  const bytes = await response.blob();
  if (bytes.size === 0) body.replaceChildren(h("p", { className: "quiet" }, "No body."));
  else if (type.startsWith("image/")) body.replaceChildren(await picture(bytes));
  else if (/json|text|xml|javascript/.test(type)) body.replaceChildren(...textView(await bytes.text(), type));
  else body.replaceChildren(fileView(bytes, type));
}

/** Shows that no answer came. */
export function showFailure(place: HTMLElement, error: Error): void {
  const text = error.name === "AbortError" ? "Stopped." : `No answer: ${error.message}`;
  place.replaceChildren(h("p", { className: "problem", role: "status" }, text));
}

function headersView(headers: Headers): HTMLElement | null {
  const shown = [...headers].filter(([name]) => !DULL.test(name));
  if (shown.length === 0) return null;
  return h("dl", { className: "result-headers" }, shown.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

function textView(text: string, type: string): (HTMLElement | string)[] {
  let shown = text;
  let isJson = /json/.test(type);
  try {
    if (isJson) shown = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // It says it is JSON and is not: show it as it is.
    isJson = false;
  }
  const block = codeBlock(shown.slice(0, SHOWN_CHARACTERS), "Response body", isJson);
  const rest = shown.length > SHOWN_CHARACTERS && h("p", { className: "quiet" }, `The rest of ${shown.length} characters is not shown.`);
  return [h("div", { className: "code-bar" }, h("span", { className: "quiet" }, "Body"), copyButton(english("Copy"), () => shown)), block, rest || ""];
}

/** Events are shown while they arrive; only the last ones are kept. */
async function showStream(body: HTMLElement, response: Response): Promise<void> {
  const block = codeBlock("", "Events");
  const code = block.firstChild as HTMLElement;
  body.replaceChildren(block);
  if (!response.body) return;
  // The types of the standard library differ in the kind of buffer.
  const decoder = new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>;
  for (const reader = response.body.pipeThrough(decoder).getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return;
    code.textContent = (code.textContent + value).slice(-SHOWN_EVENTS);
    block.scrollTop = block.scrollHeight;
  }
}

/** The page's policy allows pictures from data: addresses, not from blobs. */
function picture(bytes: Blob): Promise<HTMLImageElement> {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(h("img", { className: "result-picture", src: reader.result as string, alt: "The picture in the response" }));
    reader.readAsDataURL(bytes);
  });
}

function fileView(bytes: Blob, type: string): HTMLElement {
  const save = h("button", { type: "button", className: "button button-small" }, "Save");
  save.addEventListener("click", () => {
    const href = URL.createObjectURL(bytes);
    h("a", { href, download: "response" }).click();
    URL.revokeObjectURL(href);
  });
  return h("p", { className: "code-bar" }, h("span", {}, `${bytes.size} bytes of ${type || "unknown type"}`), save);
}
