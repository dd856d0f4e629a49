import { useState } from "react";
import { useText } from "../../../i18n";
import { Avatar } from "../../../ui/avatar";
import { Button, ButtonLink } from "../../../ui/button";
import { SearchField } from "../../../ui/field";
import { EmptyState } from "../../../ui/notices";
import { Page } from "../../../ui/page";
import { Tag } from "../../../ui/tag";
import { useDelayed } from "../../app/delayed";
import { Listing, useListing } from "../../app/listing";
import { CREATE, HOME, toCommunity } from "../../app/routes";
import { fees } from "../community/fees";
import { CommunitiesDocument } from "./operations.generated";
import "../../../ui/cards.css";
import "./discover.css";

const KINDS = ["ALL", "CLUB", "OFFICIAL", "LOUNGE"] as const;

/** All communities, and a search among them. */
export default function Discover() {
  const t = useText("discover");
  const community = useText("community");
  const [kind, setKind] = useState<(typeof KINDS)[number]>("ALL");
  const [search, setSearch] = useState("");
  const asked = useDelayed(search.trim());
  const list = useListing(
    CommunitiesDocument,
    { kind: kind === "ALL" ? null : kind, search: asked || null, first: 30 },
    ({ communities }) => communities,
  );
  return (
    <Page title={t("title")} about={t("about")} back={HOME} actions={<ButtonLink href={CREATE}>{community("create")}</ButtonLink>}>
      <div className="filters">
        <SearchField label={t("search")} value={search} onSearch={setSearch} />
        <div className="kinds" role="group" aria-label={t("kind")}>
          {KINDS.map((value) => (
            <Button key={value} isSmall aria-pressed={kind === value} onClick={() => setKind(value)}>
              {t(value)}
            </Button>
          ))}
        </div>
      </div>
      <Listing list={list} empty={<EmptyState title={t("noneFound")} actions={<ButtonLink href={CREATE}>{community("create")}</ButtonLink>} />}>
        {(nodes) => (
      <ul className="cards">
        {nodes.map((one) => (
          <li key={one.id}>
            <a className="card" href={toCommunity(one.id)}>
              <Avatar name={one.name} size={46} />
              <span className="card-text">
                <span className="card-title">
                  <bdi>{one.name}</bdi>
                  {one.isVerified && <Tag>{community("verified")}</Tag>}
                </span>
                <bdi className="card-about">{one.description}</bdi>
                <span className="card-facts">
                  {community(one.kind)} · {community("members", { count: one.memberCount })} · {fees(community, one)}
                </span>
              </span>
            </a>
          </li>
        ))}
      </ul>
        )}
      </Listing>
    </Page>
  );
}
