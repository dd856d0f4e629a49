import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { useText } from "../../i18n";
import { Button } from "../../ui/button";
import { ErrorNotice, Loading } from "../../ui/notices";
import { useConnection, usePlaza } from "./plaza";
import type { Operation } from "plaza-client";

/** A page of a list of the server. */
interface Connection<Node> {
  nodes: Node[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
}

export interface Listed<Node> {
  /** Undefined until they are known. */
  nodes: Node[] | undefined;
  error: Error | null;
  hasMore: boolean;
  isLoading: boolean;
  more: () => void;
  /** Reads the first page again. */
  refresh: () => void;
}

interface State<Node> {
  key: string;
  nodes: Node[];
  end: string | null;
}

/** A list that is read page by page, from its beginning when its variables change and when the connection is back. */
export function useListing<Data, Variables extends { after?: string | null }, Node>(
  operation: Operation<Data, Variables>,
  variables: Omit<Variables, "after">,
  pick: (data: Data) => Connection<Node> | null | undefined,
): Listed<Node> {
  const { run } = usePlaza();
  const isOpen = useConnection() === "open";
  const [state, setState] = useState<State<Node>>();
  const [error, setError] = useState<Error | null>(null);
  const [isLoading, setLoading] = useState(false);
  const [round, setRound] = useState(0);
  const key = JSON.stringify(variables);
  const picking = useRef(pick);
  useEffect(() => {
    picking.current = pick;
  });
  const load = useCallback(
    (after: string | null, signal?: AbortSignal) =>
      run(operation, { ...(JSON.parse(key) as Variables), after }, { signal }).then(
        (data) => {
          if (signal?.aborted) return;
          const page = picking.current(data) ?? { nodes: [], pageInfo: { hasNextPage: false } };
          const end = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
          setError(null);
          setState((known) => {
            if (!after) return { key, nodes: page.nodes, end };
            // Another list may have taken its place meanwhile.
            return known?.key === key && known.end === after ? { key, nodes: [...known.nodes, ...page.nodes], end } : known;
          });
        },
        (error: Error) => {
          if (!signal?.aborted) setError(error);
        },
      ),
    [run, operation, key],
  );
  useEffect(() => {
    const controller = new AbortController();
    void load(null, controller.signal);
    return () => controller.abort();
  }, [load, round, isOpen]);
  const refresh = useCallback(() => setRound((count) => count + 1), []);
  const current = state?.key === key ? state : undefined;
  const end = current?.end;
  const more = useCallback(() => {
    if (!end) return;
    setLoading(true);
    void load(end).finally(() => setLoading(false));
  }, [load, end]);
  return { nodes: current?.nodes, error, hasMore: !!end, isLoading, more, refresh };
}

/** A list with its entries, its empty state and a button for more. */
export function Listing<Node>({ list, empty, children }: { list: Listed<Node>; empty: ReactNode; children: (nodes: Node[]) => ReactNode }) {
  const t = useText("common");
  const { nodes, error, hasMore, isLoading, more, refresh } = list;
  return (
    <>
      <ErrorNotice message={error?.message} onRetry={refresh} />
      {!nodes && !error && <Loading />}
      {nodes?.length === 0 && empty}
      {nodes && nodes.length > 0 && children(nodes)}
      {hasMore && (
        <p className="more">
          <Button onClick={more} disabled={isLoading}>
            {t("showMore")}
          </Button>
        </p>
      )}
    </>
  );
}
