import { useText } from "../../../i18n";
import { Page } from "../../../ui/page";
import { Tabs } from "../../../ui/tabs";
import { NotFound } from "../../app/not-found";
import { usePlaza } from "../../app/plaza";
import { ADMIN, go, HOME } from "../../app/routes";
import { AuditLog } from "../audit/audit-log";
import { ReportList } from "../safety/report-list";
import { Communities } from "./communities";
import { Connections } from "./connections";
import { Ledger } from "./ledger";
import { Users } from "./users";
import { Verifications } from "./verifications";

/** The administration of the whole server. */
export default function Administration({ tab = "users" }: { tab?: string }) {
  const t = useText("admin");
  const { me } = usePlaza();
  if (me && !me.isAdmin) return <NotFound title={t("refusedTitle")}>{t("refusedText")}</NotFound>;
  return (
    <Page title={t("title")} about={t("about")} back={HOME}>
      <Tabs
        label={t("title")}
        value={tab}
        onChange={(tab) => go(`${ADMIN}/${tab}`)}
        tabs={[
          { id: "users", label: t("users"), content: <Users /> },
          { id: "reports", label: t("reports"), content: <ReportList scope={{}} /> },
          { id: "verification", label: t("verification"), content: <Verifications /> },
          { id: "communities", label: t("communities"), content: <Communities /> },
          { id: "connections", label: t("connections"), content: <Connections /> },
          { id: "audit", label: t("audit"), content: <AuditLog /> },
          { id: "ledger", label: t("ledger"), content: <Ledger /> },
        ]}
      />
    </Page>
  );
}
