import { useEditorContext } from "@graphiql/react";
import { useCallback } from "react";
import { flushSync } from "react-dom";

/** An operation to open: its document, and its variables as JSON. */
export interface Opened {
  query: string;
  variables: string;
}

/** Gives a function that shows an operation: in the tab that has it already, else in a new one. */
export function useOpener(): (operation: Opened) => void {
  const context = useEditorContext({ nonNull: true });
  return useCallback(
    ({ query, variables }) => {
      const { tabs, activeTabIndex, queryEditor, variableEditor } = context;
      const opened = tabs.findIndex((tab) => tab.query?.trim() === query && (tab.variables ?? "").trim() === variables);
      if (opened >= 0) {
        if (opened !== activeTabIndex) context.changeTab(opened);
        return;
      }
      if (!queryEditor) return;
      // A new tab writes its own text into the editors while it is rendered, so the operation has to come after that.
      if (queryEditor.getValue().trim()) flushSync(() => context.addTab());
      queryEditor.setValue(query);
      variableEditor?.setValue(variables);
      queryEditor.focus();
    },
    [context],
  );
}
