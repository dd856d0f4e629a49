import { useCallback } from "react";
import { useText } from "../i18n";
import { useToast } from "./toast";

/** Copies a text and says so: `copy(text)`. */
export function useCopy(): (text: string) => void {
  const t = useText("common");
  const toast = useToast();
  return useCallback(
    (text) => {
      // A page without a secure address has no clipboard.
      const writing = (navigator.clipboard as Clipboard | undefined)?.writeText(text) ?? Promise.reject(new Error("no clipboard"));
      writing.then(
        () => toast({ text: t("copied") }),
        () => toast({ text: t("notCopied") }),
      );
    },
    [t, toast],
  );
}
