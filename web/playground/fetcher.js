import { getOperationAST } from "graphql";
import { post } from "./endpoint.js";

/** GraphiQL's fetcher. Any mutation may sign somebody in or out, so each one is reported. */
export function createFetcher({ onMutation }) {
  return async (params, { headers, documentAST } = {}) => {
    const result = await post(params, headers);
    const operation = documentAST && getOperationAST(documentAST, params.operationName);
    if (operation?.operation === "mutation") onMutation();
    return result;
  };
}
