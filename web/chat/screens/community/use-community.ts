import { useCallback, useEffect, useState } from "react";
import { useConnection, usePlaza } from "../../app/plaza";
import { Refusal } from "plaza-client";
import { CommunityDocument, type CommunityQuery } from "./operations.generated";

export type Community = NonNullable<CommunityQuery["community"]>;

/** A community as the viewer sees it, and a way to ask for it again; undefined until it is known, null where there is none. */
export function useCommunity(id: string | undefined): [Community | null | undefined, () => void] {
  const { run } = usePlaza();
  const isOpen = useConnection() === "open";
  const [community, setCommunity] = useState<Community | null>();
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (!id) return undefined;
    let isCurrent = true;
    run(CommunityDocument, { id }).then(
      ({ community }) => isCurrent && setCommunity(community),
      (error: unknown) => {
        // The last response stays visible until the next one arrives.
        const isUnknown = error instanceof Refusal && (error.code === "NOT_FOUND" || error.code === "INVALID");
        if (isUnknown && isCurrent) setCommunity(null);
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [run, id, isOpen, round]);
  const refresh = useCallback(() => setRound((count) => count + 1), []);
  return [community, refresh];
}
