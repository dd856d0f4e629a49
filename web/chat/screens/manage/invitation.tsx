import { useText } from "../../../i18n";
import { Field } from "../../../ui/field";
import { Form, textOf } from "../../../ui/form";
import { useToast } from "../../../ui/toast";
import { useDeed, usePlaza } from "../../app/plaza";
import { InviteCsAgentDocument } from "./operations.generated";

/** Takes a user into the team that answers customers. */
export function Invitation({ communityId, onInvited }: { communityId: string; onInvited: () => void }) {
  const t = useText("manage");
  const { run } = usePlaza();
  const toast = useToast();
  const deed = useDeed();
  const invite = async (values: FormData, form: HTMLFormElement) => {
    if (!(await deed.attempt(() => run(InviteCsAgentDocument, { communityId, userId: textOf(values, "userId") })))) return;
    form.reset();
    toast({ text: t("invited") });
    onInvited();
  };
  return (
    <Form submission={deed} onSubmit={(values, form) => void invite(values, form)} action={t("inviteAction")}>
      <Field label={t("invite")} hint={t("inviteHint")} name="userId" required autoComplete="off" />
    </Form>
  );
}
