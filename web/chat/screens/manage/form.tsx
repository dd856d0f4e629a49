import { language, LANGUAGES, useText } from "../../../i18n";
import { Checkbox, Field, Select, TextArea } from "../../../ui/field";
import { FieldRow, Form, optionalText, textOf, wholeNumber, wordsOf } from "../../../ui/form";
import { TimeZoneField } from "../../../ui/time-zone";
import { type useDeed, useQuery } from "../../app/plaza";
import type { CommunityKind, CommunityLanguage, CsMode } from "../../schema.generated";
import type { Managed } from ".";
import { OwnAgentsDocument } from "./operations.generated";

/** The languages of system messages, by the tags of the page's languages. */
const COMMUNITY_LANGUAGES: Record<keyof typeof LANGUAGES, CommunityLanguage> = {
  en: "ENGLISH",
  de: "GERMAN",
  es: "SPANISH",
  fr: "FRENCH",
  ja: "JAPANESE",
  zh: "CHINESE",
  ar: "ARABIC",
};
const CS_MODES: CsMode[] = ["HYBRID", "AI_ONLY", "HUMAN_ONLY"];

const sharedValues = (values: FormData) => ({
  name: textOf(values, "name"),
  description: textOf(values, "description"),
  agentCallFee: wholeNumber(values, "agentCallFee") ?? 0,
  defaultAgentListingId: optionalText(values, "defaultAgentListingId"),
  language: textOf(values, "language") as CommunityLanguage,
});

/** The values of the form of a club or an official account. */
export const communityValues = (values: FormData) => ({
  ...sharedValues(values),
  category: optionalText(values, "category"),
  tags: wordsOf(values, "tags"),
  joinFee: wholeNumber(values, "joinFee") ?? 0,
  monthlyFee: wholeNumber(values, "monthlyFee") ?? 0,
  canMentionAgents: values.has("canMentionAgents"),
  ...(values.has("csMode") && { csMode: textOf(values, "csMode") as CsMode }),
});

/** The values of the form of a lounge. */
export const loungeValues = (values: FormData) => ({
  ...sharedValues(values),
  freeMinutesPerDay: wholeNumber(values, "freeMinutesPerDay") ?? 0,
  subscriptionPrice: wholeNumber(values, "subscriptionPrice") ?? 0,
  timeZone: optionalText(values, "timeZone"),
  voiceSamplesUrl: optionalText(values, "voiceSamplesUrl"),
});

interface Props {
  kind: CommunityKind;
  community?: Managed;
  deed: ReturnType<typeof useDeed>;
  action: string;
  onSubmit: (values: FormData) => void;
}

/** The values of a community, as its kind has them. */
export function CommunityForm({ kind, community, deed, action, onSubmit }: Props) {
  const t = useText("manage");
  const common = useText("common");
  const lounge = community?.__typename === "Lounge" ? community : undefined;
  const coins = { type: "number", min: 0, step: 1, inputMode: "numeric" } as const;
  return (
    <Form submission={deed} onSubmit={onSubmit} action={action}>
      <Field label={common("name")} name="name" defaultValue={community?.name} required maxLength={100} />
      <TextArea label={common("description")} name="description" defaultValue={community?.description ?? ""} rows={4} maxLength={5000} />
      {kind !== "LOUNGE" && (
        <FieldRow>
          <Field label={t("category")} name="category" defaultValue={community?.category ?? ""} maxLength={50} />
          <Field label={t("tags")} name="tags" defaultValue={community?.tags?.join(", ")} hint={t("tagsHint")} />
        </FieldRow>
      )}
      {kind === "LOUNGE" ? (
        <>
          <FieldRow>
            <Field label={t("freeMinutes")} name="freeMinutesPerDay" defaultValue={lounge?.freeMinutesPerDay ?? 5} {...coins} />
            <Field label={t("subscriptionPrice")} name="subscriptionPrice" defaultValue={lounge?.subscriptionPrice ?? 0} {...coins} />
            <Field label={t("callFee")} name="agentCallFee" defaultValue={community?.agentCallFee ?? 0} {...coins} />
          </FieldRow>
          <Field
            label={t("samples")}
            name="voiceSamplesUrl"
            type="url"
            placeholder="https://"
            defaultValue={lounge?.voice.samplesUrl ?? ""}
            hint={t("samplesHint")}
          />
          <TimeZoneField label={t("timeZone")} name="timeZone" defaultValue={lounge?.timeZone ?? ""} hint={t("timeZoneHint")} />
        </>
      ) : (
        <FieldRow>
          <Field label={t("joinFee")} name="joinFee" defaultValue={community?.joinFee ?? 0} {...coins} />
          <Field label={t("monthlyFee")} name="monthlyFee" defaultValue={community?.monthlyFee ?? 0} {...coins} />
          <Field label={t("callFee")} name="agentCallFee" defaultValue={community?.agentCallFee ?? 0} {...coins} />
        </FieldRow>
      )}
      <FieldRow>
        <Select
          label={t("language")}
          name="language"
          defaultValue={community?.language ?? COMMUNITY_LANGUAGES[language]}
          hint={t("languageHint")}
        >
          {Object.entries(LANGUAGES).map(([tag, name]) => (
            <option key={tag} value={COMMUNITY_LANGUAGES[tag as keyof typeof LANGUAGES]} lang={tag}>
              {name}
            </option>
          ))}
        </Select>
        <DefaultAgent community={community} />
      </FieldRow>
      {kind === "OFFICIAL" && (
        <Select label={t("csMode")} name="csMode" defaultValue={community?.csMode ?? "HYBRID"}>
          {CS_MODES.map((mode) => (
            <option key={mode} value={mode}>
              {t(mode)}
            </option>
          ))}
        </Select>
      )}
      {kind !== "LOUNGE" && (
        <Checkbox
          label={t("mentions")}
          hint={t("mentionsHint")}
          name="canMentionAgents"
          defaultChecked={community?.canMentionAgents ?? true}
        />
      )}
    </Form>
  );
}

/** The agent that answers by itself: one of the community's, or one of the viewer's own. */
function DefaultAgent({ community }: { community: Managed | undefined }) {
  const t = useText("manage");
  const common = useText("common");
  const { data } = useQuery(OwnAgentsDocument, {});
  const chosen = community?.defaultAgentListingId ?? "";
  const own = data?.viewer?.agentListings.nodes ?? [];
  const agents = new Map(
    [...own, ...(community?.agents.map(({ agentListing }) => agentListing) ?? [])]
      .filter(({ status }) => status === "ACTIVE")
      .map(({ id, agentName }) => [id, agentName]),
  );
  // The chosen value stays, even if it is not listed; the field is re-created once its options are loaded.
  if (chosen && !agents.has(chosen)) agents.set(chosen, chosen);
  return (
    <Select key={agents.size} label={t("defaultAgent")} name="defaultAgentListingId" defaultValue={chosen} hint={t("defaultAgentHint")}>
      <option value="">{common("none")}</option>
      {[...agents].map(([id, name]) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </Select>
  );
}
