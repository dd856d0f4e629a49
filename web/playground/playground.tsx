import { GraphiQL } from "graphiql";
import { useMemo } from "react";
import { DEFAULT_TABS } from "./example";
import { EXAMPLES_PLUGIN } from "./examples";
import { createFetcher } from "./fetcher";
import { LinkedOperation } from "./linked";
import { RememberedPanel, rememberPanel } from "./panel";
import { RestView } from "./rest-view";
import { Strip } from "./strip";
import { useViewer } from "../shared/viewer";

// GraphiQL compares the list of plugins by identity.
const PLUGINS = [EXAMPLES_PLUGIN];

export function Playground() {
  const viewer = useViewer();
  const { refresh } = viewer;
  const fetcher = useMemo(() => createFetcher({ onMutation: () => void refresh() }), [refresh]);
  return (
    <>
      <Strip viewer={viewer} />
      <main className="workbench">
        <GraphiQL
          fetcher={fetcher}
          plugins={PLUGINS}
          onTogglePluginVisibility={rememberPanel}
          defaultTabs={DEFAULT_TABS}
          defaultEditorToolsVisibility="variables"
        >
          <GraphiQL.Logo>
            <span className="graphiql-name">GraphiQL</span>
          </GraphiQL.Logo>
          <GraphiQL.Footer>
            <RestView />
          </GraphiQL.Footer>
          <RememberedPanel />
          <LinkedOperation />
        </GraphiQL>
      </main>
    </>
  );
}
