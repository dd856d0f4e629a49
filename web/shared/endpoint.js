const ENDPOINT = "/graphql";

/** Milliseconds that one request may take before it counts as lost. */
const LIMIT = 20_000;

/** The server was not reached, or something in front of it answered: the same request may succeed later. */
export class Unreachable extends Error {}

/**
 * Sends one GraphQL request and returns its result, errors included. `body` is sent as JSON, or as it is where it is a form.
 * `signal` gives it up before its time limit, in milliseconds, is over.
 */
export async function post(body, headers = {}, { signal, limit = LIMIT } = {}) {
  const isForm = body instanceof FormData;
  const request = {
    method: "POST",
    credentials: "include",
    headers: {
      accept: "application/graphql-response+json, application/json",
      ...(isForm ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    body: isForm ? body : JSON.stringify(body),
  };
  const { status, text } = await reach(request, signal, limit);
  try {
    return JSON.parse(text);
  } catch {
    // A proxy or a limit in front of the endpoint answers in plain text.
    const words = text.trim();
    const isShort = words && words.length < 200 && !words.startsWith("<");
    const message = isShort ? words : `The server answered ${status}.`;
    throw status < 400 || status >= 500 || status === 408 || status === 429 ? new Unreachable(message) : new Error(message);
  }
}

/** `fetch` says in each browser's own words that no answer came; this says what that means. */
async function reach(request, signal, limit) {
  const controller = new AbortController();
  const end = () => controller.abort();
  // A proxy that forwards nothing would keep the request open for minutes.
  const timer = setTimeout(end, limit);
  signal?.addEventListener("abort", end);
  if (signal?.aborted) end();
  try {
    const response = await fetch(ENDPOINT, { ...request, signal: controller.signal });
    return { status: response.status, text: await response.text() };
  } catch (cause) {
    throw new Unreachable("The server cannot be reached.", { cause });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
  }
}

/** Sends one operation and returns its data, or throws its first error. */
export async function request(query, variables) {
  const { data, errors } = await post({ query, variables });
  if (errors?.length) throw new Error(errors[0].message);
  if (!data) throw new Error("The server sent no data.");
  return data;
}
