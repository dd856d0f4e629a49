import { getOperationAST } from "graphql";
import { post } from "./endpoint.js";
import { subscribe } from "./subscribe.js";

const authorizationOf = (headers = {}) =>
  Object.entries(headers).find(([name]) => name.toLowerCase() === "authorization")?.[1];

/** GraphiQL's fetcher. Any mutation may sign somebody in or out, so each one is reported. */
export function createFetcher({ onMutation }) {
  return async (params, { headers, documentAST } = {}) => {
    const operation = documentAST && getOperationAST(documentAST, params.operationName);
    if (operation?.operation === "subscription") return subscribe(params, authorizationOf(headers));
    const result = await post(params, headers);
    if (operation?.operation === "mutation") onMutation();
    return result;
  };
}
