import { UserX } from "lucide-react";
import { useText } from "../../../i18n";
import { Button } from "../../../ui/button";
import { EmptyState, ErrorNotice } from "../../../ui/notices";
import { Page } from "../../../ui/page";
import { Tabs } from "../../../ui/tabs";
import { When } from "../../../ui/when";
import { Listing, useListing } from "../../app/listing";
import { useDeed, usePlaza } from "../../app/plaza";
import { go, HOME, SAFETY } from "../../app/routes";
import { BlockedDocument, OwnReportsDocument, UnblockDocument } from "./operations.generated";
import { ReportCard } from "./report-card";

/** The people whom the viewer blocked, and the reports that they made. */
export default function Safety({ tab = "blocked" }: { tab?: string }) {
  const t = useText("safety");
  return (
    <Page title={t("title")} about={t("about")} back={HOME}>
      <Tabs
        label={t("title")}
        value={tab}
        onChange={(tab) => go(`${SAFETY}/${tab}`)}
        tabs={[
          { id: "blocked", label: t("blockedTab"), content: <BlockedPeople /> },
          { id: "reports", label: t("reportsTab"), content: <OwnReports /> },
        ]}
      />
    </Page>
  );
}

function BlockedPeople() {
  const t = useText("safety");
  const { run, logs } = usePlaza();
  const { isBusy, refusal, attempt } = useDeed();
  const list = useListing(BlockedDocument, { first: 30 }, ({ blockedUsers }) => blockedUsers);
  const unblock = async (userId: string) => {
    if (!(await attempt(() => run(UnblockDocument, { userId })))) return;
    // The blocked person's messages are shown again.
    logs.clear();
    list.refresh();
  };
  return (
    <>
      <ErrorNotice message={refusal} />
      <Listing
        list={list}
        empty={
          <EmptyState icon={<UserX size={28} aria-hidden="true" />} title={t("noneBlocked")}>
            {t("noneBlockedText")}
          </EmptyState>
        }
      >
        {(nodes) => (
          <ul className="cards">
            {nodes.map(({ userId, label, createdAt }) => (
              <li key={userId} className="card">
                <span className="card-text">
                  <span className="card-title">
                    <bdi>{label ?? userId}</bdi>
                  </span>
                  <span className="card-facts">
                    <When at={createdAt} />
                  </span>
                </span>
                <Button isSmall onClick={() => void unblock(userId)} disabled={isBusy}>
                  {t("unblock")}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Listing>
    </>
  );
}

function OwnReports() {
  const t = useText("safety");
  const list = useListing(OwnReportsDocument, { first: 20 }, ({ ownReports }) => ownReports);
  return (
    <Listing list={list} empty={<EmptyState title={t("noneReported")}>{t("noneReportedText")}</EmptyState>}>
      {(nodes) => nodes.map((report) => <ReportCard key={report.id} report={report} isOwn />)}
    </Listing>
  );
}
