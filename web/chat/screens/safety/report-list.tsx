import { ShieldCheck } from "lucide-react";
import { useCallback, useState } from "react";
import { useText } from "../../../i18n";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { Select, TextArea } from "../../../ui/field";
import { Form, optionalText } from "../../../ui/form";
import { EmptyState, ErrorNotice, Loading } from "../../../ui/notices";
import { Listing, useListing } from "../../app/listing";
import { useDeed, usePlaza, useSubscription } from "../../app/plaza";
import type { Refusal } from "plaza-client";
import type { ReportOutcome } from "../../schema.generated";
import { CloseReportDocument, OpenReportsDocument, type OpenReportsSubscription, ReportsDocument } from "./operations.generated";
import { type Report, ReportCard } from "./report-card";

/** The scope of the list: a community, a space, or everything that the viewer is responsible for. */
export interface Scope {
  communityId?: string;
  spaceId?: string;
}

/** The reports that the viewer is responsible for: the open ones as they come in, or the closed ones. */
export function ReportList({ scope }: { scope: Scope }) {
  const t = useText("safety");
  const [status, setStatus] = useState("OPEN");
  return (
    <>
      <div className="page-line">
        <Select label={t("state")} value={status} onChange={({ target }) => setStatus(target.value)}>
          <option value="OPEN">{t("OPEN")}</option>
          <option value="CLOSED">{t("CLOSED")}</option>
        </Select>
      </div>
      {status === "OPEN" ? <OpenReports scope={scope} /> : <ClosedReports scope={scope} />}
    </>
  );
}

function OpenReports({ scope }: { scope: Scope }) {
  const t = useText("safety");
  const [reports, setReports] = useState<Report[]>();
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [closing, setClosing] = useState<Report | null>(null);
  const next = useCallback(({ reportEvents }: OpenReportsSubscription) => setReports((known) => withChange(known, reportEvents)), []);
  useSubscription(OpenReportsDocument, scope, { next, ended: setRefusal });
  return (
    <div aria-live="polite">
      <ErrorNotice message={refusal?.message} />
      {!reports && !refusal && <Loading />}
      {reports?.length === 0 && (
        <EmptyState icon={<ShieldCheck size={28} aria-hidden="true" />} title={t("noneOpen")}>
          {t("noneOpenText")}
        </EmptyState>
      )}
      {reports?.map((report) => (
        <ReportCard
          key={report.id}
          report={report}
          actions={
            <p className="page-line">
              <Button isSmall look="primary" onClick={() => setClosing(report)}>
                {t("decide")}
              </Button>
            </p>
          }
        />
      ))}
      {closing && <Decision report={closing} onClose={() => setClosing(null)} />}
    </div>
  );
}

function withChange(known: Report[] = [], { isSnapshot, removedIds, reports }: OpenReportsSubscription["reportEvents"]): Report[] {
  if (isSnapshot) return reports;
  const changed = new Set([...removedIds, ...reports.map(({ id }) => id)]);
  return [...reports, ...known.filter(({ id }) => !changed.has(id))];
}

function ClosedReports({ scope }: { scope: Scope }) {
  const t = useText("safety");
  const list = useListing(ReportsDocument, { ...scope, status: "CLOSED", first: 20 }, ({ reports }) => reports);
  return (
    <Listing list={list} empty={<EmptyState title={t("noneClosed")} />}>
      {(nodes) => nodes.map((report) => <ReportCard key={report.id} report={report} />)}
    </Listing>
  );
}

/** Closes a report. The sanction itself is chosen among the members. */
function Decision({ report, onClose }: { report: Report; onClose: () => void }) {
  const t = useText("safety");
  const { run } = usePlaza();
  const deed = useDeed();
  const close = async (values: FormData) => {
    const outcome = values.get("outcome") as ReportOutcome;
    if (await deed.attempt(() => run(CloseReportDocument, { id: report.id, outcome, note: optionalText(values, "note") }))) onClose();
  };
  return (
    <Dialog title={t("decideTitle")} onClose={onClose}>
      <p>{t("decideText")}</p>
      <Form submission={deed} onSubmit={(values) => void close(values)} onCancel={onClose} action={t("closeReport")}>
        <Select label={t("outcome")} name="outcome">
          <option value="UPHELD">{t("UPHELD")}</option>
          <option value="DISMISSED">{t("DISMISSED")}</option>
        </Select>
        <TextArea label={t("closingNote")} name="note" maxLength={1000} />
      </Form>
    </Dialog>
  );
}
