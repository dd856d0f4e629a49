import { useText } from "../../../i18n";
import { ErrorNotice, Loading } from "../../../ui/notices";
import { Page } from "../../../ui/page";
import { Tabs } from "../../../ui/tabs";
import { NotFound } from "../../app/not-found";
import { useQuery } from "../../app/plaza";
import { go, toCommunity, toManagement } from "../../app/routes";
import { AuditLog } from "../audit/audit-log";
import { ReportList } from "../safety/report-list";
import { Agents } from "./agents";
import { Dashboard } from "./dashboard";
import { Details } from "./details";
import { Members } from "./members";
import { ManagedDocument, type ManagedQuery } from "./operations.generated";
import { Verification } from "./verification";
import { Voice } from "./voice";

export type Managed = NonNullable<ManagedQuery["community"]>;

/** The management of a community, for its creator and moderators. */
export default function Management({ id = "", tab }: { id?: string; tab?: string }) {
  const t = useText("manage");
  const { data, error, refresh } = useQuery(ManagedDocument, { id });
  const community = data?.community;
  if (!data) return error ? <ErrorNotice message={error.message} onRetry={refresh} /> : <Loading />;
  const role = community?.viewerMembership?.role;
  const isCreator = role === "CREATOR";
  if (!community || !(isCreator || role === "MODERATOR")) return <NotFound title={t("unknownTitle")}>{t("unknownText")}</NotFound>;
  const props = { community, onChanged: refresh };
  const tabs = [
    isCreator && { id: "details", label: t("details"), content: <Details {...props} /> },
    { id: "members", label: t("members"), content: <Members {...props} /> },
    isCreator && { id: "agents", label: t("agents"), content: <Agents {...props} /> },
    isCreator && community.__typename === "Lounge" && { id: "dashboard", label: t("dashboard"), content: <Dashboard id={id} /> },
    isCreator &&
      community.__typename === "Lounge" && { id: "voice", label: t("voice"), content: <Voice lounge={community} onChanged={refresh} /> },
    isCreator &&
      community.__typename === "OfficialAccount" && {
        id: "verification",
        label: t("verification"),
        content: <Verification account={community} onChanged={refresh} />,
      },
    { id: "reports", label: t("reports"), content: <ReportList scope={{ communityId: id }} /> },
    isCreator && { id: "audit", label: t("audit"), content: <AuditLog communityId={id} /> },
  ].filter((one) => one !== false);
  return (
    <Page title={<bdi>{community.name}</bdi>} about={t("about")} back={toCommunity(id)} isBackShown>
      <Tabs label={t("about")} tabs={tabs} value={tab ?? tabs[0]?.id} onChange={(tab) => go(toManagement(id, tab))} />
    </Page>
  );
}
