import { shellQuote } from "../../shared/shell.js";

const COOKIE_JAR = "cookies.txt";

/** The request as a command; `sendsCookie` and `keepsCookie` say what the jar is for. */
export function toCurl({ method, path, headers, body }, { sendsCookie, keepsCookie }) {
  const words = [`curl ${method === "GET" ? "" : `-X ${method} `}${shellQuote(location.origin + path)}`];
  if (sendsCookie) words.push(`-b ${COOKIE_JAR}`);
  if (keepsCookie) words.push(`-c ${COOKIE_JAR}`);
  for (const [name, value] of headers) words.push(`-H ${shellQuote(`${name}: ${value}`)}`);
  words.push(...bodyWords(body));
  return words.join(" \\\n  ");
}

function bodyWords(body) {
  if (!body) return [];
  if (body.text !== undefined) return [`--data-raw ${shellQuote(compact(body))}`];
  if (body.entries) return body.entries.map(([name, value]) => field(body.type, name, value));
  return [`--data-binary ${shellQuote(`@${body.file?.name ?? "FILE"}`)}`];
}

function compact({ type, text }) {
  if (!/json/.test(type)) return text;
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    // Not JSON yet: somebody is typing.
    return text;
  }
}

function field(type, name, value) {
  if (!type.startsWith("multipart/")) return `--data-urlencode ${shellQuote(`${name}=${value}`)}`;
  return `-F ${shellQuote(`${name}=${value instanceof File ? `@${value.name}` : value}`)}`;
}
