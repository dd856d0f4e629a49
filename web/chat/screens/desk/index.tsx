import { useText } from "../../../i18n";
import { Page } from "../../../ui/page";
import { Tabs } from "../../../ui/tabs";
import { Tag } from "../../../ui/tag";
import { useQuery } from "../../app/plaza";
import { go, SUPPORT, toDesk } from "../../app/routes";
import { CannedAnswers } from "./canned-answers";
import { DeskHeadDocument } from "./operations.generated";
import { Queue } from "./queue";
import { Settings } from "./settings";
import { Statistics } from "./statistics";

/** The work with the customers of an official account. */
export default function Desk({ id = "", tab = "queue" }: { id?: string; tab?: string }) {
  const t = useText("desk");
  const community = useQuery(DeskHeadDocument, { id }).data?.community;
  const role = community?.viewerMembership?.role;
  const isCreator = role === "CREATOR";
  const canOversee = isCreator || role === "MODERATOR";
  const tabs = [
    { id: "queue", label: t("title"), content: <Queue id={id} /> },
    { id: "answers", label: t("answers"), content: <CannedAnswers id={id} canEdit={canOversee} /> },
    isCreator && { id: "figures", label: t("figures"), content: <Statistics id={id} /> },
    isCreator && { id: "settings", label: t("settings"), content: <Settings id={id} /> },
  ].filter((one) => one !== false);
  return (
    <Page
      title={<bdi>{community?.name ?? t("title")}</bdi>}
      about={
        community?.__typename === "OfficialAccount" && (
          <Tag tone={community.isSupportOpen ? "plain" : "faint"}>{t(community.isSupportOpen ? "open" : "closed")}</Tag>
        )
      }
      back={SUPPORT}
    >
      <Tabs label={t("title")} tabs={tabs} value={tab} onChange={(tab) => go(toDesk(id, tab))} />
    </Page>
  );
}
