import { useCallback, useState } from "react";
import { useText } from "../../../i18n";
import { Button } from "../../../ui/button";
import { useConfirm } from "../../../ui/dialog";
import { EmptyState, ErrorNotice, Loading } from "../../../ui/notices";
import { Page } from "../../../ui/page";
import { Split } from "../../../ui/split";
import { Tag } from "../../../ui/tag";
import { NotFound } from "../../app/not-found";
import { useDeed, usePlaza, useQuery, useSubscription } from "../../app/plaza";
import { toSpace } from "../../app/routes";
import type { SpaceSessionStatus } from "../../schema.generated";
import { Conversation } from "../rooms/conversation";
import { AppFrame } from "./app-frame";
import {
  JoinSessionDocument,
  LeaveSessionDocument,
  SessionDocument,
  SessionEventsDocument,
  type SessionEventsSubscription,
  type SessionPartsFragment,
  UpdateSessionDocument,
} from "./operations.generated";
import { Participants } from "./participants";
import { State } from "./state";
import "./session.css";

export type Session = SessionPartsFragment;

/** The states that may follow a state, in the order of their buttons. */
const NEXT: Record<SpaceSessionStatus, SpaceSessionStatus[]> = {
  WAITING: ["ACTIVE", "CANCELLED"],
  ACTIVE: ["PAUSED", "FINISHED", "CANCELLED"],
  PAUSED: ["ACTIVE", "FINISHED", "CANCELLED"],
  FINISHED: [],
  CANCELLED: [],
};
const FINAL = new Set<SpaceSessionStatus>(["FINISHED", "CANCELLED"]);

/** The session as it is known last: as it was asked for, or as an event says. */
function useSession(id: string) {
  const { data, error, refresh } = useQuery(SessionDocument, { id });
  const [told, setTold] = useState<Session | null>(null);
  const next = useCallback(
    ({ spaceSessionEvents: event }: SessionEventsSubscription) => {
      if (event.__typename === "SessionEvent" && event.session) setTold(event.session);
    },
    [],
  );
  const positionOf = ({ spaceSessionEvents }: SessionEventsSubscription) => spaceSessionEvents.position;
  useSubscription(SessionEventsDocument, { id }, { next, positionOf });
  const asked = data?.spaceSession;
  // An event may be older than the answer that was just asked for.
  const session = told && asked && told.version >= asked.version ? { ...told, conversation: asked.conversation } : asked;
  const again = useCallback(() => {
    setTold(null);
    refresh();
  }, [refresh]);
  return { session, isKnown: !!data || !!error, refresh: again, onChanged: setTold };
}

/** A session of a space: its app, its state, the people in it, and their chat. */
export default function SessionPage({ id = "" }: { id?: string }) {
  const t = useText("spaces");
  const { user } = usePlaza();
  const { session, isKnown, refresh, onChanged } = useSession(id);
  if (!isKnown) return <Loading />;
  if (!session) return <NotFound title={t("unknownSession")}>{t("unknownText")}</NotFound>;
  const { space, status, currentPhase, conversation } = session;
  const isTaking = session.participants.some((one) => one.user.id === user.userId && one.isConnected);
  const isOwner = space.owner.id === user.userId;
  const canChange = (isOwner || isTaking) && !FINAL.has(status);
  return (
    <Split
      label={t("parts")}
      mainLabel={t("session")}
      main={
        <Page
          title={<bdi>{space.name}</bdi>}
          about={
            <>
              <Tag tone={status === "ACTIVE" ? "plain" : "faint"}>{t(status)}</Tag> <bdi>{currentPhase}</bdi>
            </>
          }
          back={toSpace(space.id)}
          isBackShown
          isWide
        >
          <Steps session={session} isTaking={isTaking} canChange={canChange} onChanged={refresh} />
          <AppFrame session={session} canChange={canChange} onChanged={onChanged} onRefused={refresh} />
          <Participants session={session} isOwner={isOwner} onChanged={refresh} />
          <State session={session} canChange={canChange} onChanged={onChanged} onRefused={refresh} />
        </Page>
      }
      asideLabel={t("chat")}
      aside={
        conversation ? (
          <Conversation key={conversation.id} id={conversation.id} />
        ) : (
          <EmptyState title={t("chat")}>{t("noChat")}</EmptyState>
        )
      }
    />
  );
}

interface StepsProps {
  session: Session;
  isTaking: boolean;
  canChange: boolean;
  onChanged: () => void;
}

/** The ways in and out, and from one state to the next. */
function Steps({ session: { id, status }, isTaking, canChange, onChanged }: StepsProps) {
  const t = useText("spaces");
  const { run } = usePlaza();
  const confirm = useConfirm();
  const { isBusy, refusal, attempt } = useDeed();
  const act = async (deed: () => Promise<unknown>) => {
    if (await attempt(deed)) onChanged();
  };
  const become = async (next: SpaceSessionStatus) => {
    const isSure =
      !FINAL.has(next) || (await confirm({ title: t(`to${next}` as "toFINISHED"), text: t("finalText"), action: t(`to${next}` as "toFINISHED"), isDangerous: true }));
    if (isSure) await act(() => run(UpdateSessionDocument, { input: { sessionId: id, status: next } }));
  };
  return (
    <>
      <ErrorNotice message={refusal} />
      <p className="page-line">
        {!isTaking && !FINAL.has(status) && (
          <Button look="primary" disabled={isBusy} onClick={() => void act(() => run(JoinSessionDocument, { id }))}>
            {t("join")}
          </Button>
        )}
        {canChange &&
          NEXT[status].map((next) => (
            <Button key={next} disabled={isBusy} onClick={() => void become(next)}>
              {t(`to${next}` as "toFINISHED")}
            </Button>
          ))}
        {isTaking && (
          <Button disabled={isBusy} onClick={() => void act(() => run(LeaveSessionDocument, { id }))}>
            {t("leave")}
          </Button>
        )}
      </p>
    </>
  );
}
