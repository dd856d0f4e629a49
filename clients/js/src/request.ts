import { Unreachable } from "./refusal.js";

/** Milliseconds that one request may take before it counts as lost. */
const LIMIT = 20_000;

/** The function that sends requests: `fetch`, or one with its signature. */
export type Fetch = (url: string, request: RequestInit) => Promise<Response>;

/** The server's URL, and the `fetch` to call it with. */
export interface Endpoint {
  url: string;
  fetch: Fetch;
}

/** An answer of GraphQL. */
export interface Answer<Data> {
  data?: Data | null;
  errors?: { message: string; extensions?: Record<string, unknown> }[];
}

/** Options that abort a request. */
export interface Patience {
  signal?: AbortSignal;
  /** Milliseconds. */
  limit?: number;
  /** Whether the page is being left: the request goes on without it. */
  isLeaving?: boolean;
}

/**
 * Sends one GraphQL request and returns its result, errors included. `body` is sent as JSON, or as it is where it is a form.
 * `signal` gives it up before its time limit, in milliseconds, is over. Throws `Unreachable` where the same request may succeed
 * later.
 */
export async function post<Data>(
  endpoint: Endpoint,
  body: FormData | { query: string; variables?: unknown; operationName?: string },
  headers: Record<string, string> = {},
  { signal, limit = LIMIT, isLeaving = false }: Patience = {},
): Promise<Answer<Data>> {
  const isForm = body instanceof FormData;
  const request: RequestInit = {
    method: "POST",
    credentials: "include",
    keepalive: isLeaving,
    headers: {
      accept: "application/graphql-response+json, application/json",
      ...(isForm ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    body: isForm ? body : JSON.stringify(body),
  };
  const { status, text } = await reach(endpoint, request, signal, limit);
  try {
    return JSON.parse(text) as Answer<Data>;
  } catch {
    // A proxy or a limit in front of the endpoint answers in plain text.
    const words = text.trim();
    const isShort = words && words.length < 200 && !words.startsWith("<");
    const message = isShort ? words : `The server answered ${status}.`;
    throw status < 400 || status >= 500 || status === 408 || status === 429 ? new Unreachable(message) : new Error(message);
  }
}

/** `fetch` says in each browser's own words that no answer came; this says what that means. */
async function reach({ url, fetch }: Endpoint, request: RequestInit, signal: AbortSignal | undefined, limit: number) {
  const controller = new AbortController();
  const end = () => controller.abort();
  // A proxy that forwards nothing would keep the request open for minutes.
  const timer = setTimeout(end, limit);
  signal?.addEventListener("abort", end);
  if (signal?.aborted) end();
  try {
    const response = await fetch(url, { ...request, signal: controller.signal });
    return { status: response.status, text: await response.text() };
  } catch (cause) {
    throw new Unreachable("The server cannot be reached.", { cause });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
  }
}
