import { useText } from "../../../i18n";
import { Checkbox, Field } from "../../../ui/field";
import { Form } from "../../../ui/form";
import { useToast } from "../../../ui/toast";
import { useDeed, usePlaza } from "../../app/plaza";
import { ChangePasswordDocument } from "./operations.generated";

/** Changes the password. */
export function Password({ onChanged }: { onChanged: () => void }) {
  const t = useText("account");
  const { run } = usePlaza();
  const toast = useToast();
  const deed = useDeed();
  const change = async (values: FormData, form: HTMLFormElement) => {
    const isChanged = await deed.attempt(() =>
      run(ChangePasswordDocument, {
        // A password may begin or end with a space.
        currentPassword: values.get("currentPassword") as string,
        newPassword: values.get("newPassword") as string,
        revokeApiKeys: values.has("revokeApiKeys"),
      }),
    );
    if (!isChanged) return;
    form.reset();
    toast({ text: t("passwordChanged") });
    onChanged();
  };
  return (
    <section>
      <h2>{t("password")}</h2>
      <Form submission={deed} onSubmit={(values, form) => void change(values, form)} action={t("changePassword")}>
        <Field label={t("currentPassword")} name="currentPassword" type="password" autoComplete="current-password" required />
        <Field label={t("newPassword")} name="newPassword" type="password" autoComplete="new-password" required hint={t("passwordHint")} />
        <Checkbox label={t("revokeKeysToo")} name="revokeApiKeys" />
      </Form>
    </section>
  );
}
