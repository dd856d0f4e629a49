import { lazy, Suspense, useCallback, useState } from "react";
import { loadRest, useText } from "../../../i18n";
import { useConfirm } from "../../../ui/dialog";
import { useToast } from "../../../ui/toast";
import { usePlaza } from "../../app/plaza";
import type { Message } from "../../model/log";
import { BlockDocument } from "./operations.generated";

const ReportDialog = lazy(async () => (await Promise.all([import("../safety/report-dialog"), loadRest()]))[0]);

/** How the viewer reports a message and blocks its author; `dialog` belongs into the page. `onBlocked` is called with the id of a blocked author. */
export function useSafety(onBlocked: (userId: string) => void) {
  const t = useText("room");
  const { run, logs } = usePlaza();
  const confirm = useConfirm();
  const toast = useToast();
  const [reported, setReported] = useState<Message | null>(null);
  const block = useCallback(
    async ({ author }: Message) => {
      if (!author) return;
      const { id: userId, name } = author;
      const isSure = await confirm({ title: t("blockTitle", { name }), text: t("blockText"), action: t("block"), isDangerous: true });
      if (!isSure) return;
      try {
        await run(BlockDocument, { userId, label: name });
        logs.clear();
        onBlocked(userId);
        toast({ text: t("blockedNow", { name }) });
      } catch (error) {
        toast({ text: error instanceof Error ? error.message : String(error) });
      }
    },
    [run, logs, onBlocked, confirm, toast, t],
  );
  const dialog = reported && (
    <Suspense>
      <ReportDialog title={t("reportMessage")} subject={{ messageId: reported.id }} onClose={() => setReported(null)} />
    </Suspense>
  );
  return { report: setReported, block: useCallback((message: Message) => void block(message), [block]), dialog };
}
