import type { Fetcher, FetcherParams } from "@graphiql/toolkit";
import { getOperationAST, parse } from "graphql";
import { post } from "plaza-client";
import { subscribe } from "./subscribe";

const ENDPOINT = { url: "/graphql", fetch: (url: string, request: RequestInit) => fetch(url, request) };

const authorizationOf = (headers: Record<string, string> = {}) =>
  Object.entries(headers).find(([name]) => name.toLowerCase() === "authorization")?.[1];

/**
 * The operation that is run. What GraphiQL knows of the document lags a moment behind the editor: the text decides, and
 * a name that it does not have was another document's.
 */
function operationOf({ query, operationName }: FetcherParams) {
  try {
    const document = parse(query);
    return getOperationAST(document, operationName) ?? getOperationAST(document);
  } catch {
    return undefined;
  }
}

/** GraphiQL's fetcher. Any mutation may sign a user in or out, so each one is reported. */
export function createFetcher({ onMutation }: { onMutation: () => void }): Fetcher {
  return async (asked, { headers } = {}) => {
    const operation = operationOf(asked);
    const { query } = asked;
    const variables = asked.variables as Record<string, unknown> | undefined;
    const operationName = operation?.name?.value ?? asked.operationName ?? undefined;
    const params = { query, variables, operationName };
    const given = headers;
    if (String(operation?.operation) === "subscription") return subscribe(params, authorizationOf(given)) as never;
    const result = await post(ENDPOINT, params, given);
    if (String(operation?.operation) === "mutation") onMutation();
    return result as never;
  };
}
