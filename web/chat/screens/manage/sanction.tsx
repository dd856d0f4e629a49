import { useText } from "../../../i18n";
import { Dialog } from "../../../ui/dialog";
import { Field, Select } from "../../../ui/field";
import { Form, optionalText, textOf } from "../../../ui/form";
import { useToast } from "../../../ui/toast";
import { useDeed, usePlaza } from "../../app/plaza";
import { BanDocument, MuteDocument } from "./operations.generated";

export interface Sanction {
  kind: "mute" | "ban";
  userId: string;
  name: string;
}

/** Durations of a sanction, in hours; 0 means permanent. */
const LENGTHS = [1, 24, 7 * 24, 30 * 24, 0];
const HOUR = 3_600_000;

interface Props {
  communityId: string;
  sanction: Sanction;
  onClose: () => void;
  onDone: () => void;
}

/** Mutes or bans a member, with a reason and for a time. */
export function SanctionDialog({ communityId, sanction: { kind, userId, name }, onClose, onDone }: Props) {
  const t = useText("manage");
  const common = useText("common");
  const { run } = usePlaza();
  const toast = useToast();
  const deed = useDeed();
  const submit = async (values: FormData) => {
    const hours = Number(textOf(values, "hours"));
    const until = hours ? new Date(Date.now() + hours * HOUR).toISOString() : null;
    const variables = { communityId, userId, reason: optionalText(values, "reason"), until };
    const isDone = await deed.attempt(() => (kind === "ban" ? run(BanDocument, variables) : run(MuteDocument, variables)));
    if (!isDone) return;
    toast({ text: t(kind === "ban" ? "bannedNow" : "mutedNow", { name }) });
    onDone();
    onClose();
  };
  return (
    <Dialog title={t(kind === "ban" ? "banTitle" : "muteTitle", { name })} onClose={onClose}>
      <p>{t(kind === "ban" ? "banText" : "muteText")}</p>
      <Form
        submission={deed}
        onSubmit={(values) => void submit(values)}
        onCancel={onClose}
        action={t(kind)}
        isDangerous={kind === "ban"}
      >
        <Select label={t("howLong")} name="hours" defaultValue={24}>
          {LENGTHS.map((hours) => (
            <option key={hours} value={hours}>
              {t(`hours${hours}` as "hours0")}
            </option>
          ))}
        </Select>
        <Field label={common("reason")} name="reason" maxLength={500} />
      </Form>
    </Dialog>
  );
}
