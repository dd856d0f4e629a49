import { Settings2 } from "lucide-react";
import { type Say, useText } from "../../../i18n";
import { Avatar } from "../../../ui/avatar";
import { ButtonLink } from "../../../ui/button";
import { Loading } from "../../../ui/notices";
import { Page } from "../../../ui/page";
import { Tag } from "../../../ui/tag";
import { NotFound } from "../../app/not-found";
import { DISCOVER, toManagement, toPeople } from "../../app/routes";
import { type Community, useCommunity } from "./use-community";
import { MembershipPanel, SubscriptionPanel } from "./membership";
import { Ways } from "./ways";
import "./community.css";

const MANAGING = new Set(["CREATOR", "MODERATOR"]);

/** The page of a community, with its join and subscribe actions. */
export default function CommunityPage({ id = "" }: { id?: string }) {
  const t = useText("community");
  const [community, refresh] = useCommunity(id);
  if (community === undefined) return <Loading />;
  if (community === null) return <NotFound title={t("unknownTitle")}>{t("unknownText")}</NotFound>;
  const agents = community.agents.filter(({ agentListing: listing }) => listing.status === "ACTIVE");
  return (
    <Page
      title={
        <span className="community-title">
          <Avatar name={community.name} size={48} />
          <bdi>{community.name}</bdi>
          {community.isVerified && <Tag>{t("verified")}</Tag>}
        </span>
      }
      about={
        <>
          {t(community.kind)} · <a href={toPeople(id)}>{t("members", { count: community.memberCount })}</a> · {t("by", { name: community.creator.name })}
        </>
      }
      back={DISCOVER}
      actions={
        MANAGING.has(community.viewerMembership?.role ?? "") && (
          <ButtonLink href={toManagement(id)}>
            <Settings2 size={17} aria-hidden="true" /> {t("manage")}
          </ButtonLink>
        )
      }
      isBackShown
    >
      <p className="community-about" dir="auto">
        {community.description}
      </p>
      {community.__typename === "Lounge" && <p className="card-facts">{voicePrice(t, community)}</p>}
      <Ways community={community} onChanged={refresh} />
      {community.viewerMembership && <MembershipPanel key={community.viewerMembership.displayName} community={community} onChanged={refresh} />}
      {community.__typename === "Lounge" && community.subscription && <SubscriptionPanel lounge={community} onChanged={refresh} />}
      {agents.length > 0 && (
        <>
          <h2>{t("agents")}</h2>
          <ul className="community-agents">
            {agents.map(({ agentListing: listing }) => (
              <li key={listing.id}>
                <Avatar name={listing.agentName} size={34} />
                <span>
                  <strong>
                    <bdi>{listing.agentName}</bdi>
                  </strong>{" "}
                  <bdi>{listing.description}</bdi>
                </span>
              </li>
            ))}
          </ul>
          <p className="card-facts">
            {community.agentCallFee > 0 ? t("fee", { count: community.agentCallFee }) : t("feeless")}
          </p>
        </>
      )}
    </Page>
  );
}

type Lounge = Extract<Community, { __typename: "Lounge" }>;

/** The price of a lounge's voice. */
function voicePrice(t: Say<"community">, { freeMinutesPerDay: minutes, subscriptionPrice: price }: Lounge): string {
  return price > 0 ? t("talkPrice", { minutes, price: t("coins", { count: price }) }) : t("talkFree", { minutes });
}
