import { getOperationAST, parse } from "graphql";
import { post } from "../shared/endpoint.js";
import { subscribe } from "./subscribe.js";

const authorizationOf = (headers = {}) =>
  Object.entries(headers).find(([name]) => name.toLowerCase() === "authorization")?.[1];

/**
 * The operation that is run. What GraphiQL knows of the document lags a moment behind the editor: the text decides, and
 * a name that it does not have was another document's.
 */
function operationOf(params) {
  try {
    const document = parse(params.query);
    return getOperationAST(document, params.operationName) ?? getOperationAST(document);
  } catch {
    return undefined;
  }
}

/** GraphiQL's fetcher. Any mutation may sign somebody in or out, so each one is reported. */
export function createFetcher({ onMutation }) {
  return async (asked, { headers } = {}) => {
    const operation = operationOf(asked);
    const params = operation ? { ...asked, operationName: operation.name?.value } : asked;
    if (operation?.operation === "subscription") return subscribe(params, authorizationOf(headers));
    const result = await post(params, headers);
    if (operation?.operation === "mutation") onMutation();
    return result;
  };
}
