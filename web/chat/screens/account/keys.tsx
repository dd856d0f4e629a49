import { KeyRound } from "lucide-react";
import { useState } from "react";
import { useText } from "../../../i18n";
import { Button } from "../../../ui/button";
import { useCopy } from "../../../ui/copy";
import { Dialog, useConfirm } from "../../../ui/dialog";
import { Field } from "../../../ui/field";
import { Form, textOf } from "../../../ui/form";
import { ErrorNotice } from "../../../ui/notices";
import { When } from "../../../ui/when";
import { useDeed, usePlaza } from "../../app/plaza";
import type { Viewer } from ".";
import { CreateKeyDocument, RevokeKeyDocument } from "./operations.generated";

type Key = Viewer["apiKeys"][number];

/** Keys by which programs act as the viewer. */
export function Keys({ keys, onChanged }: { keys: Key[]; onChanged: () => void }) {
  const t = useText("account");
  const { run } = usePlaza();
  const confirm = useConfirm();
  const { isBusy, refusal, attempt } = useDeed();
  const creation = useDeed();
  const [secret, setSecret] = useState<string | null>(null);
  const create = async (values: FormData, form: HTMLFormElement) => {
    const isCreated = await creation.attempt(async () =>
      setSecret((await run(CreateKeyDocument, { name: textOf(values, "name") })).createApiKey?.key ?? null),
    );
    if (!isCreated) return;
    form.reset();
    onChanged();
  };
  const revoke = async ({ id, name }: Key) => {
    const isSure = await confirm({ title: t("revokeTitle", { name }), text: t("revokeText"), action: t("revoke"), isDangerous: true });
    if (isSure && (await attempt(() => run(RevokeKeyDocument, { id })))) onChanged();
  };
  return (
    <section>
      <h2>{t("keys")}</h2>
      <p className="card-facts">{t("keysAbout")}</p>
      <ErrorNotice message={refusal} />
      <ul className="cards">
        {keys.map((key) => (
          <li key={key.id} className="card">
            <KeyRound size={20} aria-hidden="true" />
            <span className="card-text">
              <span className="card-title">
                <bdi>{key.name}</bdi>
              </span>
              <span className="card-facts">
                <code>{key.prefix}…</code> {key.lastUsedAt ? t("lastUsed") : t("neverUsed")}{" "}
                {key.lastUsedAt && <When at={key.lastUsedAt} />}
              </span>
            </span>
            <Button isSmall onClick={() => void revoke(key)} disabled={isBusy}>
              {t("revoke")}
            </Button>
          </li>
        ))}
      </ul>
      <Form submission={creation} onSubmit={(values, form) => void create(values, form)} action={t("createKey")}>
        <Field label={t("keyName")} name="name" hint={t("keyNameHint")} required maxLength={100} autoComplete="off" />
      </Form>
      {secret && <Secret secret={secret} onClose={() => setSecret(null)} />}
    </section>
  );
}

/** A new key, which is shown once. */
function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const t = useText("account");
  const common = useText("common");
  const copy = useCopy();
  return (
    <Dialog
      title={t("newKey")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{common("close")}</Button>
          <Button look="primary" onClick={() => copy(secret)}>
            {common("copy")}
          </Button>
        </>
      }
    >
      <p>{t("newKeyText")}</p>
      <p>
        <code className="secret">{secret}</code>
      </p>
    </Dialog>
  );
}
