import { shellQuote } from "../../shared/shell";
import type { SentBody, SentRequest } from "./request";

const COOKIE_JAR = "cookies.txt";

/** The request as a command; `sendsCookie` and `keepsCookie` say what the jar is for. */
export function toCurl({ method, path, headers, body }: SentRequest, { sendsCookie, keepsCookie }: { sendsCookie: boolean; keepsCookie: boolean }): string {
  const words = [`curl ${method === "GET" ? "" : `-X ${method} `}${shellQuote(location.origin + path)}`];
  if (sendsCookie) words.push(`-b ${COOKIE_JAR}`);
  if (keepsCookie) words.push(`-c ${COOKIE_JAR}`);
  for (const [name, value] of headers) words.push(`-H ${shellQuote(`${name}: ${value}`)}`);
  words.push(...bodyWords(body));
  return words.join(" \\\n  ");
}

function bodyWords(body: SentBody | null): string[] {
  if (!body) return [];
  if (body.text !== undefined) return [`--data-raw ${shellQuote(compact(body.type, body.text))}`];
  if (body.entries) return body.entries.map(([name, value]) => field(body.type, name, value));
  return [`--data-binary ${shellQuote(`@${body.file?.name ?? "FILE"}`)}`];
}

function compact(type: string, text: string): string {
  if (!/json/.test(type)) return text;
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    // Not JSON yet: it is being typed.
    return text;
  }
}

function field(type: string, name: string, value: string | File): string {
  if (!type.startsWith("multipart/")) return `--data-urlencode ${shellQuote(`${name}=${value instanceof File ? value.name : value}`)}`;
  return `-F ${shellQuote(`${name}=${value instanceof File ? `@${value.name}` : value}`)}`;
}
