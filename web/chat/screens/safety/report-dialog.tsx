import { useText } from "../../../i18n";
import { Dialog } from "../../../ui/dialog";
import { Select, TextArea } from "../../../ui/field";
import { Form, optionalText } from "../../../ui/form";
import { useToast } from "../../../ui/toast";
import { useDeed, usePlaza } from "../../app/plaza";
import type { ReportReason } from "../../schema.generated";
import { CreateReportDocument } from "./operations.generated";

export const REASONS = [
  "SPAM",
  "HARASSMENT",
  "HATE",
  "VIOLENCE",
  "SEXUAL",
  "SELF_HARM",
  "SCAM",
  "IMPERSONATION",
  "OTHER",
] as const satisfies readonly ReportReason[];

/** The subject of a report: a message, or a user in a conversation, community or session. */
export interface Subject {
  messageId?: string;
  userId?: string;
  conversationId?: string;
  communityId?: string;
  sessionId?: string;
}

/** Reports a message or a user to the moderators. */
export default function ReportDialog({ title, subject, onClose }: { title: string; subject: Subject; onClose: () => void }) {
  const t = useText("safety");
  const { run } = usePlaza();
  const toast = useToast();
  const deed = useDeed();
  const send = async (values: FormData) => {
    const reason = values.get("reason") as ReportReason;
    const isSent = await deed.attempt(() => run(CreateReportDocument, { ...subject, reason, note: optionalText(values, "note") }));
    if (!isSent) return;
    toast({ text: t("reported") });
    onClose();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{t("reportText")}</p>
      <Form submission={deed} onSubmit={(values) => void send(values)} onCancel={onClose} action={t("report")}>
        <Select label={t("reasonLabel")} name="reason" required>
          {REASONS.map((reason) => (
            <option key={reason} value={reason}>
              {t(reason)}
            </option>
          ))}
        </Select>
        <TextArea label={t("note")} name="note" hint={t("noteHint")} maxLength={1000} />
      </Form>
    </Dialog>
  );
}
