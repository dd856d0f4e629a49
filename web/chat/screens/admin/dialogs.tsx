import { useText } from "../../../i18n";
import { Dialog } from "../../../ui/dialog";
import { Field } from "../../../ui/field";
import { Form, textOf, wholeNumber } from "../../../ui/form";
import { useToast } from "../../../ui/toast";
import { useDeed, usePlaza } from "../../app/plaza";
import { BanUserDocument, GrantCoinsDocument, SuspendCommunityDocument } from "./operations.generated";
import type { Account } from "./users";

/** Bans an account from the server. */
export function BanDialog({ account: { userId: id, name }, onClose, onDone }: { account: Account; onClose: () => void; onDone: () => void }) {
  const t = useText("admin");
  const common = useText("common");
  const { run } = usePlaza();
  const deed = useDeed();
  const ban = async (values: FormData) => {
    if (!(await deed.attempt(() => run(BanUserDocument, { userId: id, reason: textOf(values, "reason") })))) return;
    onDone();
    onClose();
  };
  return (
    <Dialog title={t("banTitle", { name })} onClose={onClose}>
      <p>{t("banText")}</p>
      <Form submission={deed} onSubmit={(values) => void ban(values)} onCancel={onClose} action={t("ban")} isDangerous>
        <Field label={common("reason")} name="reason" required maxLength={500} />
      </Form>
    </Dialog>
  );
}

/** Grants coins to an account. */
export function GrantDialog({ account: { userId: id, name }, onClose }: { account: Account; onClose: () => void }) {
  const t = useText("admin");
  const { run, refreshMe } = usePlaza();
  const toast = useToast();
  const deed = useDeed();
  const grant = async (values: FormData) => {
    const amount = wholeNumber(values, "amount") ?? 0;
    if (!(await deed.attempt(() => run(GrantCoinsDocument, { userId: id, amount, note: textOf(values, "note") })))) return;
    toast({ text: t("granted", { count: amount, name }) });
    refreshMe();
    onClose();
  };
  return (
    <Dialog title={t("grantTitle", { name })} onClose={onClose}>
      <p>{t("grantText")}</p>
      <Form submission={deed} onSubmit={(values) => void grant(values)} onCancel={onClose} action={t("grant")}>
        <Field label={t("amount")} name="amount" type="number" min={1} step={1} required />
        <Field label={t("grantNote")} name="note" required maxLength={200} />
      </Form>
    </Dialog>
  );
}

interface SuspensionProps {
  community: { id: string; name: string };
  onClose: () => void;
  onDone: () => void;
}

/** Suspends a community. */
export function SuspensionDialog({ community: { id, name }, onClose, onDone }: SuspensionProps) {
  const t = useText("admin");
  const common = useText("common");
  const { run } = usePlaza();
  const deed = useDeed();
  const suspend = async (values: FormData) => {
    if (!(await deed.attempt(() => run(SuspendCommunityDocument, { id, reason: textOf(values, "reason") })))) return;
    onDone();
    onClose();
  };
  return (
    <Dialog title={t("suspendTitle", { name })} onClose={onClose}>
      <p>{t("suspendText")}</p>
      <Form submission={deed} onSubmit={(values) => void suspend(values)} onCancel={onClose} action={t("suspend")} isDangerous>
        <Field label={common("reason")} hint={t("suspendHint")} name="reason" required maxLength={500} />
      </Form>
    </Dialog>
  );
}
