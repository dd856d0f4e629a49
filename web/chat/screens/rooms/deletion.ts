import { useCallback, useEffect, useRef, useState } from "react";
import { useText } from "../../../i18n";
import { useToast } from "../../../ui/toast";
import { usePlaza } from "../../app/plaza";
import type { Message } from "../../model/log";
import { DeleteDocument } from "./operations.generated";

/** Deletes messages, each after a while in which that can be undone. It happens at once where the page is closed. */
export function useDeletion(onChanged: (message: Message) => void) {
  const t = useText("room");
  const toast = useToast();
  const { run } = usePlaza();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const waiting = useRef(new Set<string>());

  const show = useCallback((id: string) => {
    setHidden((known) => new Set([...known].filter((other) => other !== id)));
  }, []);
  const commit = useCallback(
    async (id: string, isLeaving = false) => {
      if (!waiting.current.delete(id)) return;
      try {
        const { deleteMessage } = await run(DeleteDocument, { id }, { isLeaving });
        if (deleteMessage) onChanged(deleteMessage.message);
      } catch (error) {
        toast({ text: error instanceof Error ? error.message : String(error) });
      }
      show(id);
    },
    [run, onChanged, toast, show],
  );
  const remove = useCallback(
    ({ id }: Message) => {
      waiting.current.add(id);
      setHidden((known) => new Set(known).add(id));
      toast({
        text: t("deleted"),
        action: {
          label: t("undo"),
          onPress: () => {
            waiting.current.delete(id);
            show(id);
          },
        },
        onGone: () => void commit(id),
      });
    },
    [toast, t, commit, show],
  );
  useEffect(() => {
    const leave = () => [...waiting.current].forEach((id) => void commit(id, true));
    addEventListener("pagehide", leave);
    return () => removeEventListener("pagehide", leave);
  }, [commit]);
  return { hidden, remove };
}
