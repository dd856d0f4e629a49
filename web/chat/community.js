import { useCallback, useEffect, useState } from "react";
import { operations } from "plaza:operations";
import { Refusal } from "./model/refusal.js";
import { useConnection, usePlaza } from "./plaza.jsx";

/** A community as the viewer sees it, and a way to ask for it again; undefined until it is known, null where there is none. */
export function useCommunity(id) {
  const { run } = usePlaza();
  const state = useConnection();
  const [community, setCommunity] = useState();
  const refresh = useCallback(async () => {
    if (!id) return;
    try {
      setCommunity((await run(operations.community, { id })).community);
    } catch (error) {
      // What is shown of the last answer stays until there is another.
      const isUnknown = error instanceof Refusal && (error.code === "NOT_FOUND" || error.code === "INVALID");
      if (isUnknown) setCommunity(null);
    }
  }, [run, id]);
  useEffect(() => {
    refresh();
  }, [refresh, state === "open"]);
  return [community, refresh];
}
