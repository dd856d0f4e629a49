import { Headset } from "lucide-react";
import { useText } from "../../../i18n";
import { Avatar } from "../../../ui/avatar";
import { ButtonLink } from "../../../ui/button";
import { EmptyState } from "../../../ui/notices";
import { Page } from "../../../ui/page";
import { usePlaza } from "../../app/plaza";
import { CREATE, toDesk } from "../../app/routes";
import "../../../ui/cards.css";

const SERVING = new Set(["CREATOR", "MODERATOR", "CS_AGENT"]);

/** The official accounts that one serves. */
export default function Desks() {
  const t = useText("desk");
  const { me } = usePlaza();
  const desks = me?.memberships.nodes.filter(({ role, community }) => community.kind === "OFFICIAL" && SERVING.has(role));
  return (
    <Page title={t("desks")} about={t("desksAbout")}>
      {desks?.length === 0 && <EmptyState
          icon={<Headset size={28} aria-hidden="true" />}
          title={t("noDesk")}
          actions={<ButtonLink href={CREATE}>{t("createAccount")}</ButtonLink>}
        />}
      <ul className="cards">
        {desks?.map(({ community }) => (
          <li key={community.id}>
            <a className="card" href={toDesk(community.id)}>
              <Avatar name={community.name} />
              <span className="card-text">
                <span className="card-title">
                  <bdi>{community.name}</bdi>
                </span>
                <span className="card-facts">{t("title")}</span>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </Page>
  );
}
