import type { SentBody, SentRequest } from "./request";

/** Sends a request to this server, with its cookie. */
export function send({ method, path, headers, body }: SentRequest, signal: AbortSignal): Promise<Response> {
  return fetch(path, { method, headers, body: payload(body), credentials: "same-origin", signal });
}

function payload(body: SentBody | null): BodyInit | undefined {
  if (!body) return undefined;
  if (body.text !== undefined) return body.text;
  if (!body.entries) return body.file;
  if (body.type.startsWith("multipart/")) {
    const form = new FormData();
    for (const [name, value] of body.entries) form.append(name, value);
    return form;
  }
  return new URLSearchParams(body.entries.map(([name, value]) => [name, value instanceof File ? value.name : value]));
}
