import { useText } from "../../../i18n";
import { Field, TextArea } from "../../../ui/field";
import { FieldRow, Form, optionalText, wholeNumber } from "../../../ui/form";
import { ErrorNotice, Loading } from "../../../ui/notices";
import { TimeZoneField } from "../../../ui/time-zone";
import { useToast } from "../../../ui/toast";
import { useDeed, usePlaza, useQuery } from "../../app/plaza";
import { Hours, hoursOf } from "./hours";
import { SupportSettingsDocument, UpdateSupportSettingsDocument } from "./operations.generated";

const MINUTE = 60;

/** The zone that holds where none is named, such as UTC+08:00. */
function utcName(minutes: number): string {
  const two = (number: number) => String(Math.floor(number)).padStart(2, "0");
  const distance = Math.abs(minutes);
  return `UTC${minutes < 0 ? "−" : "+"}${two(distance / MINUTE)}:${two(distance % MINUTE)}`;
}

/** When the team serves, how fast, and for how much. */
export function Settings({ id: communityId }: { id: string }) {
  const t = useText("desk");
  const common = useText("common");
  const { run } = usePlaza();
  const toast = useToast();
  const deed = useDeed();
  const { data, error, refresh } = useQuery(SupportSettingsDocument, { id: communityId });
  const settings = data?.supportSettings;
  if (!settings) return error ? <ErrorNotice message={error.message} onRetry={refresh} /> : <Loading />;
  const seconds = (values: FormData, name: string) => {
    const minutes = wholeNumber(values, name);
    return minutes === null ? null : Math.round(minutes * MINUTE);
  };
  const save = async (values: FormData) => {
    const input = {
      communityId,
      callFee: wholeNumber(values, "callFee") ?? 0,
      capacity: wholeNumber(values, "capacity"),
      answerWithinSeconds: seconds(values, "answerWithinSeconds"),
      firstResponseWithinSeconds: seconds(values, "firstResponseWithinSeconds"),
      nextResponseWithinSeconds: seconds(values, "nextResponseWithinSeconds"),
      timeZone: optionalText(values, "timeZone"),
      hours: hoursOf(values),
      awayMessage: optionalText(values, "awayMessage"),
    };
    if (!(await deed.attempt(() => run(UpdateSupportSettingsDocument, { input })))) return;
    toast({ text: common("saved") });
    refresh();
  };
  const minutes = (value: number | null | undefined) => (typeof value === "number" ? value / MINUTE : "");
  const time = { type: "number", min: 0, step: "any", inputMode: "numeric" } as const;
  return (
    <Form submission={deed} onSubmit={(values) => void save(values)} action={common("save")}>
      <Hours hours={settings.hours ?? null} />
      <TimeZoneField label={t("timeZone")} name="timeZone" defaultValue={settings.timeZone ?? ""} placeholder={utcName(settings.utcOffsetMinutes)} />
      <TextArea label={t("awayMessage")} hint={t("awayHint")} name="awayMessage" defaultValue={settings.awayMessage ?? ""} maxLength={1000} />
      <FieldRow>
        <Field label={t("firstWithin")} name="firstResponseWithinSeconds" defaultValue={minutes(settings.firstResponseWithinSeconds)} {...time} />
        <Field label={t("nextWithin")} name="nextResponseWithinSeconds" defaultValue={minutes(settings.nextResponseWithinSeconds)} {...time} />
        <Field label={t("backAfter")} name="answerWithinSeconds" defaultValue={minutes(settings.answerWithinSeconds)} {...time} />
      </FieldRow>
      <FieldRow>
        <Field label={t("capacity")} name="capacity" type="number" min={1} max={1000} defaultValue={settings.capacity ?? ""} hint={t("capacityHint")} />
        <Field label={t("callFee")} name="callFee" type="number" min={0} defaultValue={settings.callFee} />
      </FieldRow>
    </Form>
  );
}
