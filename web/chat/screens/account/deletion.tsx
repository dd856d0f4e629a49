import { useState } from "react";
import { useText } from "../../../i18n";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { Field } from "../../../ui/field";
import { Form } from "../../../ui/form";
import { useDeed, usePlaza } from "../../app/plaza";
import { DeleteAccountDocument } from "./operations.generated";

/** The end of the account, which asks for the password. */
export function Deletion() {
  const t = useText("account");
  const { run, refreshAccount } = usePlaza();
  const deed = useDeed();
  const [isOpen, setOpen] = useState(false);
  const end = async (values: FormData) => {
    const password = values.get("password") as string;
    if (await deed.attempt(() => run(DeleteAccountDocument, { password }))) refreshAccount();
  };
  return (
    <section>
      <h2>{t("deletion")}</h2>
      <p className="card-facts">{t("deletionText")}</p>
      <p className="page-line">
        <Button look="danger" onClick={() => setOpen(true)}>
          {t("deleteAccount")}
        </Button>
      </p>
      {isOpen && (
        <Dialog title={t("deleteTitle")} onClose={() => setOpen(false)}>
          <p>{t("deletionText")}</p>
          <Form
            submission={deed}
            onSubmit={(values) => void end(values)}
            onCancel={() => setOpen(false)}
            action={t("deleteAccount")}
            isDangerous
          >
            <Field label={t("currentPassword")} name="password" type="password" autoComplete="current-password" required />
          </Form>
        </Dialog>
      )}
    </section>
  );
}
