import { BadgeCheck } from "lucide-react";
import { useState } from "react";
import { useText } from "../../../i18n";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { Select, TextArea } from "../../../ui/field";
import { Form, optionalText } from "../../../ui/form";
import { EmptyState } from "../../../ui/notices";
import { Tag } from "../../../ui/tag";
import { When } from "../../../ui/when";
import { Listing, useListing } from "../../app/listing";
import { useDeed, usePlaza } from "../../app/plaza";
import { toCommunity } from "../../app/routes";
import type { VerificationStatus, VerificationVerdict } from "../../schema.generated";
import { ReviewVerificationDocument, VerificationRequestsDocument, type VerificationRequestsQuery } from "./operations.generated";
import "../../../ui/cards.css";

type Request = NonNullable<VerificationRequestsQuery["verificationRequests"]>["nodes"][number];
const STATES: VerificationStatus[] = ["PENDING", "APPROVED", "REJECTED"];

/** The requests of official accounts for verification. */
export function Verifications() {
  const t = useText("admin");
  const [status, setStatus] = useState<VerificationStatus>("PENDING");
  const [reviewed, setReviewed] = useState<Request | null>(null);
  const list = useListing(VerificationRequestsDocument, { status, first: 20 }, ({ verificationRequests }) => verificationRequests);
  return (
    <>
      <div className="page-line">
        <Select label={t("state")} value={status} onChange={({ target }) => setStatus(target.value as VerificationStatus)}>
          {STATES.map((state) => (
            <option key={state} value={state}>
              {t(state)}
            </option>
          ))}
        </Select>
      </div>
      <Listing list={list} empty={<EmptyState icon={<BadgeCheck size={28} aria-hidden="true" />} title={t("noRequest")} />}>
        {(nodes) => (
          <ul className="cards">
            {nodes.map((request) => (
              <li key={request.id} className="card">
                <span className="card-text">
                  <span className="card-title">
                    <a href={toCommunity(request.community.id)}>
                      <bdi>{request.community.name}</bdi>
                    </a>
                    <Tag tone={request.status === "REJECTED" ? "warning" : "plain"}>{t(request.status)}</Tag>
                    <When at={request.createdAt} />
                  </span>
                  <span className="card-about">
                    <bdi>{[request.businessName, request.businessRegistration].filter(Boolean).join(" · ")}</bdi>
                  </span>
                  <span className="card-facts">
                    {t("requestedBy", { name: request.requester.name })}
                    {request.documentsUrl && (
                      <>
                        {" · "}
                        <a href={request.documentsUrl} target="_blank" rel="noreferrer noopener">
                          {t("documents")}
                        </a>
                      </>
                    )}
                    {request.reviewerNotes && <bdi> · {request.reviewerNotes}</bdi>}
                  </span>
                </span>
                {request.status === "PENDING" && (
                  <Button isSmall look="primary" onClick={() => setReviewed(request)}>
                    {t("review")}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Listing>
      {reviewed && <Review request={reviewed} onClose={() => setReviewed(null)} onDone={list.refresh} />}
    </>
  );
}

function Review({ request, onClose, onDone }: { request: Request; onClose: () => void; onDone: () => void }) {
  const t = useText("admin");
  const { run } = usePlaza();
  const deed = useDeed();
  const decide = async (values: FormData) => {
    const status = values.get("status") as VerificationVerdict;
    const notes = optionalText(values, "reviewerNotes");
    if (!(await deed.attempt(() => run(ReviewVerificationDocument, { id: request.id, status, notes })))) return;
    onDone();
    onClose();
  };
  return (
    <Dialog title={t("reviewTitle", { name: request.community.name })} onClose={onClose}>
      <p>{t("reviewText")}</p>
      <Form submission={deed} onSubmit={(values) => void decide(values)} onCancel={onClose} action={t("decide")}>
        <Select label={t("decision")} name="status">
          <option value="APPROVED">{t("APPROVED")}</option>
          <option value="REJECTED">{t("REJECTED")}</option>
        </Select>
        <TextArea label={t("reviewNotes")} name="reviewerNotes" />
      </Form>
    </Dialog>
  );
}
