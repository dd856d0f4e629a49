import { useText } from "../../../i18n";
import { Button } from "../../../ui/button";
import { useConfirm } from "../../../ui/dialog";
import { Checkbox } from "../../../ui/field";
import { Form } from "../../../ui/form";
import { ErrorNotice } from "../../../ui/notices";
import { Tag } from "../../../ui/tag";
import { useDeed, usePlaza } from "../../app/plaza";
import type { Managed } from ".";
import { CloneVoiceDocument, WithdrawVoiceDocument } from "./operations.generated";

type Lounge = Extract<Managed, { __typename: "Lounge" }>;

/** The creator's voice, which the lounge's agent speaks with after the creator consented. */
export function Voice({ lounge, onChanged }: { lounge: Lounge; onChanged: () => void }) {
  const t = useText("manage");
  const { run } = usePlaza();
  const confirm = useConfirm();
  const deed = useDeed();
  const withdrawal = useDeed();
  const { id, voice } = lounge;
  const statement = t("consent");
  const clone = async () => {
    if (await deed.attempt(() => run(CloneVoiceDocument, { id, statement }))) onChanged();
  };
  const withdraw = async () => {
    const isSure = await confirm({ title: t("withdrawTitle"), text: t("withdrawText"), action: t("withdraw"), isDangerous: true });
    if (isSure && (await withdrawal.attempt(() => run(WithdrawVoiceDocument, { id })))) onChanged();
  };
  return (
    <>
      <p className="page-line">
        {t("voiceState")} <Tag tone={voice.status === "FAILED" ? "warning" : "plain"}>{t(`voice${voice.status}` as "voiceNONE")}</Tag>
      </p>
      {voice.reason && (
        <p className="card-facts">
          <bdi>{voice.reason}</bdi>
        </p>
      )}
      <p className="card-facts">{voice.samplesUrl ? t("samplesAt", { address: voice.samplesUrl }) : t("noSamples")}</p>
      {voice.samplesUrl && (
        <Form submission={deed} onSubmit={() => void clone()} action={t("clone")}>
          <Checkbox label={statement} required />
        </Form>
      )}
      {voice.status !== "NONE" && (
        <>
          <ErrorNotice message={withdrawal.refusal} />
          <p className="page-line">
            <Button look="danger" onClick={() => void withdraw()} disabled={withdrawal.isBusy}>
              {t("withdraw")}
            </Button>
          </p>
        </>
      )}
    </>
  );
}
