import { lazy, Suspense, useCallback, useState } from "react";
import { loadRest, type Say, useText } from "../../../i18n";
import { Button } from "../../../ui/button";
import { useDeed, usePlaza, useSubscription } from "../../app/plaza";
import type { Operation } from "plaza-client";
import type { Conversation } from "../../model/log";
import { DeskTools } from "./desk-tools";
import {
  AcceptDocument,
  HandBackDocument,
  PlaceDocument,
  type PlaceSubscription,
  RateDocument,
  RequestHumanDocument,
  ResolveDocument,
} from "./operations.generated";

const TransferDialog = lazy(async () => (await Promise.all([import("../desk/transfer-dialog"), loadRest()]))[0]);

type Support = NonNullable<Conversation["support"]>;

/** The state of a chat with an official account, and what can be done about it. */
export function SupportBar({ support, onCanned }: { support: Support; onCanned: (text: string) => void }) {
  const { user } = usePlaza();
  return support.customer.id === user.userId ? <CustomerBar support={support} /> : <TeamBar support={support} onCanned={onCanned} />;
}

function CustomerBar({ support }: { support: Support }) {
  const t = useText("support");
  const { run } = usePlaza();
  const { isBusy, refusal, attempt } = useDeed();
  const { conversationId: id, communityId, status } = support;
  return (
    <div className="bar">
      <span role="status">{status === "WAITING_HUMAN" ? <Place id={id} /> : standing(t, support)}</span>
      {status === "AI_ACTIVE" && (
        <Button isSmall disabled={isBusy} onClick={() => void attempt(() => run(RequestHumanDocument, { id: communityId }))}>
          {t("toPerson")}
        </Button>
      )}
      {status !== "RESOLVED" && (
        <Button isSmall disabled={isBusy} onClick={() => void attempt(() => run(ResolveDocument, { communityId, id }))}>
          {t("isSolved")}
        </Button>
      )}
      {status === "RESOLVED" && support.currentEpisode && <Rating key={support.currentEpisode.number} support={support} />}
      {refusal && <span className="refusal">{refusal}</span>}
    </div>
  );
}

function standing(t: Say<"support">, { status, assignee }: Support): string {
  if (status === "AI_ACTIVE") return t("agentAnswers");
  if (status === "HUMAN_ACTIVE") return assignee ? t("serving", { name: assignee.name }) : t("servingTeam");
  return t("solved");
}

/** The place of one who waits, as it changes. */
function Place({ id }: { id: string }) {
  const t = useText("support");
  const [position, setPosition] = useState<number | null>(null);
  const next = useCallback(({ supportQueuePosition }: PlaceSubscription) => setPosition(supportQueuePosition.position), []);
  useSubscription(PlaceDocument, { id }, { next });
  return position ? t("place", { number: position }) : t("placeUnknown");
}

const MARKS = [1, 2, 3, 4, 5];

function Rating({ support }: { support: Support }) {
  const t = useText("support");
  const { run } = usePlaza();
  const { isBusy, refusal, attempt } = useDeed();
  const [given, setGiven] = useState(support.currentEpisode?.rating ?? null);
  if (given) return <span>{t("rated", { rating: given })}</span>;
  const rate = (rating: number) =>
    attempt(async () => {
      await run(RateDocument, { id: support.conversationId, rating });
      setGiven(rating);
    });
  return (
    <span className="rating" role="group" aria-label={t("howWasIt")}>
      <span aria-hidden="true">{t("howWasIt")}</span>
      {MARKS.map((rating) => (
        <Button key={rating} isSmall disabled={isBusy} aria-label={t("mark", { rating })} onClick={() => void rate(rating)}>
          {rating}
        </Button>
      ))}
      {refusal && <span className="refusal">{refusal}</span>}
    </span>
  );
}

function TeamBar({ support, onCanned }: { support: Support; onCanned: (text: string) => void }) {
  const t = useText("support");
  const { run, user } = usePlaza();
  const { isBusy, refusal, attempt } = useDeed();
  const { conversationId: id, communityId, status, assignee, customer } = support;
  const act = <Data, Variables>(operation: Operation<Data, Variables>, variables: Variables) =>
    void attempt(() => run(operation, variables));
  const isMine = assignee?.id === user.userId;
  const [isTransferring, setTransferring] = useState(false);
  return (
    <>
      <div className="bar">
        <span role="status">
          <bdi>{customer.name}</bdi>: {teamStanding(t, status, isMine, assignee?.name)}
        </span>
        {status === "WAITING_HUMAN" && (
          <Button isSmall disabled={isBusy} onClick={() => act(AcceptDocument, { communityId, id })}>
            {t("serve")}
          </Button>
        )}
        {isMine && status === "HUMAN_ACTIVE" && (
          <>
            <Button isSmall disabled={isBusy} onClick={() => act(HandBackDocument, { id })}>
              {t("handBack")}
            </Button>
            <Button isSmall onClick={() => setTransferring(true)}>
              {t("handOn")}
            </Button>
            <Button isSmall disabled={isBusy} onClick={() => act(ResolveDocument, { communityId, id })}>
              {t("teamSolved")}
            </Button>
          </>
        )}
        {refusal && <span className="refusal">{refusal}</span>}
      </div>
      <DeskTools conversationId={id} communityId={communityId} onCanned={onCanned} />
      {isTransferring && (
        <Suspense>
          <TransferDialog communityId={communityId} conversationId={id} assigneeId={assignee?.id} onClose={() => setTransferring(false)} />
        </Suspense>
      )}
    </>
  );
}

function teamStanding(t: Say<"support">, status: Support["status"], isMine: boolean, name: string | undefined): string {
  if (status === "AI_ACTIVE") return t("teamAgent");
  if (status === "WAITING_HUMAN") return t("teamWaiting");
  if (status !== "HUMAN_ACTIVE") return t("teamResolved");
  if (isMine) return t("teamYou");
  return name ? t("teamOther", { name }) : t("teamServed");
}
