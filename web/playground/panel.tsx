import { type GraphiQLPlugin, usePluginStore } from "@graphiql/react";
import { useEffect } from "react";

const KEY = "plaza:playground-panel";
const WIDE = "(min-width: 1100px)";

/** The side panel to open with: the one left open last time, at first the examples. */
function remembered(): string {
  const fallback = matchMedia(WIDE).matches ? "Examples" : "";
  try {
    return localStorage.getItem(KEY) ?? fallback;
  } catch {
    // Storage may be forbidden; then every visit is a first one.
    return fallback;
  }
}

export function rememberPanel(plugin: GraphiQLPlugin | null) {
  try {
    localStorage.setItem(KEY, plugin?.title ?? "");
  } catch {
    // See above.
  }
}

const opened = remembered();

/**
 * Opens the remembered panel. GraphiQL's `visiblePlugin` marks a panel as open
 * without giving it any width, whereas its button does both.
 */
export function RememberedPanel() {
  const isReady = usePluginStore((store) => store.plugins.length > 0);
  useEffect(() => {
    if (isReady && opened) document.querySelector<HTMLElement>(`.graphiql-sidebar [aria-label="Show ${opened}"]`)?.click();
  }, [isReady]);
  return null;
}
