import { useEditorContext } from "@graphiql/react";
import { useEffect, useRef } from "react";
import { operationIn } from "../shared/playground-link";
import { useOpener } from "./opener";

/** Opens the operation that the address of the page has, as a link of the API reference does, and takes it out of the address. */
export function LinkedOperation() {
  const open = useOpener();
  const { queryEditor, variableEditor } = useEditorContext({ nonNull: true });
  const isReady = !!queryEditor && !!variableEditor;
  const opener = useRef(open);
  useEffect(() => {
    opener.current = open;
  });
  useEffect(() => {
    if (!isReady) return undefined;
    const follow = () => {
      const operation = operationIn(location.hash);
      if (!operation) return;
      history.replaceState(null, "", location.pathname);
      // The editors take no change while React renders.
      queueMicrotask(() => opener.current(operation));
    };
    follow();
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, [isReady]);
  return null;
}
