import { FlaskConical } from "lucide-react";
import { useState } from "react";
import { useText } from "../../../i18n";
import { Button } from "../../../ui/button";
import { Select } from "../../../ui/field";
import { EmptyState, ErrorNotice, Loading } from "../../../ui/notices";
import { useDeed, usePlaza, useQuery } from "../../app/plaza";
import { Conversation } from "../rooms/conversation";
import type { Agent } from "./form";
import { CreateWorkshopDocument, PlacesDocument, type PlacesQuery, StartTrialDocument } from "./operations.generated";
import "./trial.css";

type Place = NonNullable<PlacesQuery["viewer"]>["createdCommunities"]["nodes"][number];

/**
 * The owner's test chat with an agent, beside its editor: in one of their lounges with this agent, unseen by others, or in
 * the room of a community of theirs that has it.
 */
export function Trial({ agent }: { agent: Agent }) {
  const t = useText("agents");
  const { run } = usePlaza();
  const { isBusy, refusal, attempt } = useDeed();
  const { data, error, refresh } = useQuery(PlacesDocument, {});
  const [chosen, setChosen] = useState<string>();
  const [started, setStarted] = useState<Record<string, string>>({});
  const places = data?.viewer?.createdCommunities.nodes.filter((place) => has(place, agent.id));
  if (!places) return error ? <ErrorNotice message={error.message} onRetry={refresh} /> : <Loading />;
  const place = places.find(({ id }) => id === chosen) ?? places[0];
  const start = (loungeId: string) =>
    attempt(async () => {
      const { startLoungeChat } = await run(StartTrialDocument, { loungeId });
      if (startLoungeChat) setStarted((all) => ({ ...all, [loungeId]: startLoungeChat.conversation.id }));
    });
  const make = () =>
    attempt(async () => {
      const input = { name: t("workshopName", { name: agent.agentName }), description: t("workshopAbout"), defaultAgentListingId: agent.id, freeMinutesPerDay: 0 };
      const { createLounge } = await run(CreateWorkshopDocument, { input });
      if (createLounge) await start(createLounge.lounge.id);
      refresh();
    });
  if (!place) {
    return (
      <EmptyState
        icon={<FlaskConical size={28} aria-hidden="true" />}
        title={t("trialTitle")}
        actions={
          <Button look="primary" onClick={() => void make()} disabled={isBusy}>
            {t("makeWorkshop")}
          </Button>
        }
      >
        {t("trialText")}
        <ErrorNotice message={refusal} />
      </EmptyState>
    );
  }
  const conversationId = conversationOf(place) ?? started[place.id];
  return (
    <>
      <div className="trial-head">
        <Select label={t("place")} value={place.id} onChange={({ target }) => setChosen(target.value)}>
          {places.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
        <p className="field-hint">{t(place.kind === "LOUNGE" ? "onlyYou" : "allMembers")}</p>
      </div>
      {conversationId ? (
        <Conversation key={conversationId} id={conversationId} />
      ) : (
        <EmptyState
          title={t("trialTitle")}
          actions={
            <Button look="primary" onClick={() => void start(place.id)} disabled={isBusy}>
              {t("startTrial")}
            </Button>
          }
        >
          <ErrorNotice message={refusal} />
        </EmptyState>
      )}
    </>
  );
}

/** Whether an agent answers in a community. */
function has({ kind, status, defaultAgentListingId, agents }: Place, id: string): boolean {
  if (status !== "ACTIVE") return false;
  return kind === "LOUNGE" ? defaultAgentListingId === id : agents.some(({ agentListing }) => agentListing.id === id);
}

const conversationOf = (place: Place) => (place.__typename === "Lounge" ? place.viewerChat?.id : place.conversation?.id);
