import { Bot } from "lucide-react";
import { useState } from "react";
import { useText } from "../../../i18n";
import { Avatar } from "../../../ui/avatar";
import { Button, ButtonLink } from "../../../ui/button";
import { useConfirm } from "../../../ui/dialog";
import { Field } from "../../../ui/field";
import { EmptyState, ErrorNotice } from "../../../ui/notices";
import { Tag } from "../../../ui/tag";
import { Listing, useListing } from "../../app/listing";
import { useDeed, usePlaza } from "../../app/plaza";
import { AGENTS } from "../../app/routes";
import { useDelayed } from "../../app/delayed";
import type { Managed } from ".";
import { AddAgentDocument, CatalogueDocument, RemoveAgentDocument } from "./operations.generated";

/** The agents of a community, and those that can be added. */
export function Agents({ community, onChanged }: { community: Managed; onChanged: () => void }) {
  const t = useText("manage");
  const common = useText("common");
  const { run } = usePlaza();
  const confirm = useConfirm();
  const { isBusy, refusal, attempt } = useDeed();
  const [search, setSearch] = useState("");
  const asked = useDelayed(search.trim());
  const { id: communityId, agents } = community;
  const present = new Set(agents.map(({ agentListing }) => agentListing.id));
  const list = useListing(CatalogueDocument, { search: asked || null, first: 20 }, ({ agentListings }) => agentListings);
  const add = async (listingId: string) => {
    if (await attempt(() => run(AddAgentDocument, { communityId, listingId }))) onChanged();
  };
  const remove = async (listingId: string, name: string) => {
    const isSure = await confirm({ title: t("removeAgentTitle", { name }), text: t("removeAgentText"), action: common("remove"), isDangerous: true });
    if (isSure && (await attempt(() => run(RemoveAgentDocument, { communityId, listingId })))) onChanged();
  };
  return (
    <>
      <ErrorNotice message={refusal} />
      {agents.length === 0 && (
        <EmptyState icon={<Bot size={28} aria-hidden="true" />} title={t("noAgents")}>
          {t("noAgentsText")}
        </EmptyState>
      )}
      <ul className="cards">
        {agents.map(({ id, agentListing: listing }) => (
          <li key={id} className="card">
            <Avatar name={listing.agentName} />
            <span className="card-text">
              <span className="card-title">
                <bdi>{listing.agentName}</bdi>
                {listing.id === community.defaultAgentListingId && <Tag>{t("defaultAgent")}</Tag>}
                {listing.status === "ARCHIVED" && <Tag tone="faint">{t("archivedAgent")}</Tag>}
              </span>
              <bdi className="card-about">{listing.description}</bdi>
            </span>
            <Button isSmall onClick={() => void remove(listing.id, listing.agentName)} disabled={isBusy}>
              {common("remove")}
            </Button>
          </li>
        ))}
      </ul>
      <h2>{t("addAgent")}</h2>
      <div className="page-line">
        <Field label={t("searchAgents")} type="search" value={search} onChange={({ target }) => setSearch(target.value)} />
        <ButtonLink href={AGENTS}>{t("writeAgent")}</ButtonLink>
      </div>
      <Listing list={list} empty={<p className="card-facts">{t("noAgentFound")}</p>}>
        {(nodes) => (
          <ul className="cards">
            {nodes
              .filter(({ id }) => !present.has(id))
              .map(({ id, agentName, description, owner }) => (
                <li key={id} className="card">
                  <Avatar name={agentName} />
                  <span className="card-text">
                    <span className="card-title">
                      <bdi>{agentName}</bdi>
                    </span>
                    <bdi className="card-about">{description}</bdi>
                    <span className="card-facts">{t("byName", { name: owner.name })}</span>
                  </span>
                  <Button isSmall onClick={() => void add(id)} disabled={isBusy}>
                    {common("add")}
                  </Button>
                </li>
              ))}
          </ul>
        )}
      </Listing>
    </>
  );
}
