import { useText } from "../../../i18n";
import { Field, TextArea } from "../../../ui/field";
import { FieldRow, Form, optionalText, textOf, wholeNumber } from "../../../ui/form";
import type { useDeed } from "../../app/plaza";
import { Knowledge, knowledgeOf } from "./knowledge";
import type { AgentQuery } from "./operations.generated";

export type Agent = NonNullable<AgentQuery["agentListing"]>;

/** The values of the form of an agent. */
export const agentValues = (values: FormData) => ({
  agentName: textOf(values, "agentName"),
  description: textOf(values, "description"),
  welcome: textOf(values, "welcome"),
  systemPrompt: textOf(values, "systemPrompt"),
  ...(textOf(values, "model") && { model: textOf(values, "model") }),
  inputCharLimit: wholeNumber(values, "inputCharLimit") ?? undefined,
  ttsVoice: optionalText(values, "ttsVoice") ?? undefined,
  dailySpendCap: wholeNumber(values, "dailySpendCap"),
  knowledge: knowledgeOf(values),
});

interface Props {
  agent?: Agent;
  deed: ReturnType<typeof useDeed>;
  action: string;
  onSubmit: (values: FormData) => void;
}

/** The form of an agent: description, knowledge and price limits. */
export function AgentForm({ agent, deed, action, onSubmit }: Props) {
  const t = useText("agents");
  const common = useText("common");
  return (
    <Form submission={deed} onSubmit={onSubmit} action={action}>
      <Field label={common("name")} name="agentName" defaultValue={agent?.agentName} required maxLength={100} />
      <Field label={common("description")} name="description" defaultValue={agent?.description} maxLength={5000} hint={t("descriptionHint")} />
      <TextArea
        label={t("prompt")}
        name="systemPrompt"
        defaultValue={agent?.systemPrompt ?? ""}
        rows={8}
        maxLength={20_000}
        hint={t("promptHint")}
      />
      <TextArea label={t("welcome")} name="welcome" defaultValue={agent?.welcome} rows={2} maxLength={2000} />
      <Knowledge texts={agent?.knowledge ?? []} />
      <FieldRow>
        <Field label={t("model")} name="model" defaultValue={agent?.model} hint={t("modelHint")} dir="ltr" />
        <Field label={t("ttsVoice")} name="ttsVoice" defaultValue={agent?.ttsVoice} hint={t("voiceHint")} dir="ltr" />
      </FieldRow>
      <FieldRow>
        <Field label={t("limit")} name="inputCharLimit" type="number" min={1} max={5000} defaultValue={agent?.inputCharLimit ?? 2000} />
        <Field label={t("cap")} name="dailySpendCap" type="number" min={0} defaultValue={agent?.dailySpendCap ?? ""} hint={t("capHint")} />
      </FieldRow>
    </Form>
  );
}
