import { Bot } from "lucide-react";
import { useState } from "react";
import { useText } from "../../../i18n";
import { Avatar } from "../../../ui/avatar";
import { ButtonLink } from "../../../ui/button";
import { SearchField } from "../../../ui/field";
import { EmptyState } from "../../../ui/notices";
import { Page } from "../../../ui/page";
import { Tabs } from "../../../ui/tabs";
import { Tag } from "../../../ui/tag";
import { useDelayed } from "../../app/delayed";
import { Listing, useListing } from "../../app/listing";
import { AGENTS, CREATE_AGENT, go, HOME, toAgent } from "../../app/routes";
import { type AgentRowFragment, AgentsDocument, WrittenAgentsDocument } from "./operations.generated";
import "../../../ui/cards.css";

/** The agents that the viewer wrote, and all that are published. */
export default function Agents({ tab = "own" }: { tab?: string }) {
  const t = useText("agents");
  return (
    <Page title={t("title")} about={t("about")} back={HOME} actions={<ButtonLink href={CREATE_AGENT}>{t("create")}</ButtonLink>}>
      <Tabs
        label={t("title")}
        value={tab}
        onChange={(tab) => go(`${AGENTS}/${tab}`)}
        tabs={[
          { id: "own", label: t("own"), content: <OwnAgents /> },
          { id: "all", label: t("all"), content: <AllAgents /> },
        ]}
      />
    </Page>
  );
}

function OwnAgents() {
  const t = useText("agents");
  const list = useListing(WrittenAgentsDocument, { first: 30 }, ({ viewer }) => viewer?.agentListings);
  return (
    <Listing
      list={list}
      empty={
        <EmptyState
          icon={<Bot size={28} aria-hidden="true" />}
          title={t("noneOwn")}
          actions={
            <ButtonLink look="primary" href={CREATE_AGENT}>
              {t("create")}
            </ButtonLink>
          }
        >
          {t("noneText")}
        </EmptyState>
      }
    >
      {(nodes) => <Rows agents={nodes} />}
    </Listing>
  );
}

function AllAgents() {
  const t = useText("agents");
  const [search, setSearch] = useState("");
  const asked = useDelayed(search.trim());
  const list = useListing(AgentsDocument, { search: asked || null, first: 30 }, ({ agentListings }) => agentListings);
  return (
    <>
      <div className="page-line">
        <SearchField label={t("search")} value={search} onSearch={setSearch} />
      </div>
      <Listing list={list} empty={<EmptyState title={t("noneFound")} />}>
        {(nodes) => <Rows agents={nodes} />}
      </Listing>
    </>
  );
}

function Rows({ agents }: { agents: AgentRowFragment[] }) {
  const t = useText("agents");
  return (
    <ul className="cards">
      {agents.map(({ id, agentName, description, status, owner }) => (
        <li key={id}>
          <a className="card" href={toAgent(id)}>
            <Avatar name={agentName} size={46} />
            <span className="card-text">
              <span className="card-title">
                <bdi>{agentName}</bdi>
                {status === "ARCHIVED" && <Tag tone="faint">{t("archived")}</Tag>}
              </span>
              <bdi className="card-about">{description}</bdi>
              <span className="card-facts">{t("by", { name: owner.name })}</span>
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
