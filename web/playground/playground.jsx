import { GraphiQL } from "graphiql";
import { useMemo } from "react";
import { DEFAULT_TABS } from "./example.js";
import { EXAMPLES_PLUGIN } from "./examples.jsx";
import { createFetcher } from "./fetcher.js";
import { RememberedPanel, rememberPanel } from "./panel.jsx";
import { Strip } from "./strip.jsx";
import { useViewer } from "../shared/viewer.js";

// GraphiQL compares the list of plugins by identity.
const PLUGINS = [EXAMPLES_PLUGIN];

export function Playground() {
  const viewer = useViewer();
  const { refresh } = viewer;
  const fetcher = useMemo(() => createFetcher({ onMutation: refresh }), [refresh]);
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
          <RememberedPanel />
        </GraphiQL>
      </main>
    </>
  );
}
