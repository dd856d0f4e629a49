import { useCallback, useEffect, useState } from "react";
import { operations } from "plaza:operations";
import { usePlaza } from "./plaza.jsx";

/** A community as the viewer sees it, and a way to ask for it again; undefined until it is known, null where there is none. */
export function useCommunity(id) {
  const { run } = usePlaza();
  const [community, setCommunity] = useState();
  const refresh = useCallback(async () => {
    if (!id) return;
    // What is shown of the last answer stays until there is another.
    await run(operations.community, { id }).then(({ community }) => setCommunity(community), () => {});
  }, [run, id]);
  useEffect(() => {
    refresh();
  }, [refresh]);
  return [community, refresh];
}
