import { useEditorContext } from "@graphiql/react";
import { useEffect, useState } from "react";
import { RestPaths } from "./rest-paths";

/** Paths that are shown, at most: an operation that many paths run is named by the first of them. */
const MOST = 3;

/** Below the answer: the paths of REST that run the operation in the editor, each with its place in the API reference. */
export function RestView() {
  const { tabs, activeTabIndex } = useEditorContext({ nonNull: true });
  const [paths, setPaths] = useState<RestPaths | null>(null);
  useEffect(() => {
    // Without the document the playground still works.
    RestPaths.load().then(setPaths, () => {});
  }, []);
  const tab = tabs[activeTabIndex];
  const found = paths?.of(tab?.query ?? "", tab?.operationName) ?? [];
  return (
    <p className="rest-paths" role="status" aria-label="REST">
      {paths && found.length === 0 && <span className="rest-none">No REST path runs this operation.</span>}
      {found.slice(0, MOST).map(({ id, method, path }) => (
        <a key={id} className="rest-path" href={`/api/docs#${encodeURIComponent(id)}`}>
          <span className={`method method-${method}`}>{method.toUpperCase()}</span> <code>{path}</code>
        </a>
      ))}
    </p>
  );
}
