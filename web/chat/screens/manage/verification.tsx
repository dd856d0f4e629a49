import { useText } from "../../../i18n";
import { dateOf } from "../../../i18n/format";
import { Field } from "../../../ui/field";
import { Form, optionalText } from "../../../ui/form";
import { Tag } from "../../../ui/tag";
import { useDeed, usePlaza } from "../../app/plaza";
import type { Managed } from ".";
import { RequestVerificationDocument } from "./operations.generated";

type Account = Extract<Managed, { __typename: "OfficialAccount" }>;

/** Whether an official account is verified, and the request for it. */
export function Verification({ account, onChanged }: { account: Account; onChanged: () => void }) {
  const t = useText("manage");
  const { run } = usePlaza();
  const deed = useDeed();
  const { id: communityId, verification: request, isVerified: verified } = account;
  const ask = async (values: FormData) => {
    const input = {
      communityId,
      businessName: optionalText(values, "businessName"),
      businessRegistration: optionalText(values, "businessRegistration"),
      documentsUrl: optionalText(values, "documentsUrl"),
    };
    if (await deed.attempt(() => run(RequestVerificationDocument, { input }))) onChanged();
  };
  return (
    <>
      <p className="page-line">
        <Tag tone={verified ? "plain" : "faint"}>{t(verified ? "isVerified" : "isNotVerified")}</Tag>
      </p>
      {request && (
        <p>
          {t("requestState", { state: t(request.status), date: dateOf(new Date(request.createdAt)) })}{" "}
          {request.reviewerNotes && <bdi>{request.reviewerNotes}</bdi>}
        </p>
      )}
      {!verified && request?.status !== "PENDING" && (
        <>
          <p className="card-facts">{t("verificationText")}</p>
          <Form submission={deed} onSubmit={(values) => void ask(values)} action={t("requestVerification")}>
            <Field label={t("businessName")} name="businessName" defaultValue={request?.businessName ?? ""} required />
            <Field label={t("registration")} name="businessRegistration" defaultValue={request?.businessRegistration ?? ""} />
            <Field label={t("documents")} name="documentsUrl" type="url" placeholder="https://" defaultValue={request?.documentsUrl ?? ""} />
          </Form>
        </>
      )}
    </>
  );
}
