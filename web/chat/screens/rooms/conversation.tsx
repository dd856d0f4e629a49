import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from "react";
import { useText } from "../../../i18n";
import { Loading } from "../../../ui/notices";
import { useInbox } from "../../app/inbox";
import { NotFound } from "../../app/not-found";
import { useConnection, usePlaza, useQueued, useSubscription } from "../../app/plaza";
import type { Quoted } from "../../model/drafts";
import { type Action, type Log, type Message, reduce } from "../../model/log";
import { unposted } from "../../model/outbox";
import { useCommunity } from "../community/use-community";
import { Composer } from "./composer";
import { focusComposer } from "./composer-focus";
import { RoomHead } from "./head";
import { useJump } from "./jump";
import { LoungeBar } from "./lounge-bar";
import { Messages, type ReadBefore } from "./messages";
import { EarlierDocument, EventsDocument, type EventsSubscription, ReadDocument } from "./operations.generated";
import { useSafety } from "./safety";
import { SearchPanel } from "./search";
import { SupportBar } from "./support-bar";
import { type Deeds, DeedsContext } from "./deeds";
import { useDeletion } from "./deletion";
import "./conversation.css";

const positionOf = ({ conversationEvents }: EventsSubscription) => conversationEvents.position;

/** One conversation, live. `target` is the cursor of a message to begin at. */
export function Conversation({ id, target }: { id: string; target?: string }) {
  const { user, refreshMe, drafts, logs, outbox, onPosted, run } = usePlaza();
  const [log, dispatch] = useReducer(reduce, id, (id) => logs.of(id));
  const [notices, setNotices] = useState<Record<string, string>>({});
  const [search, setSearch] = useState<string | null>(null);
  const next = useCallback(({ conversationEvents: event }: EventsSubscription) => dispatch({ type: "event", event }), []);
  const ended = useCallback((refusal: Log["ended"]) => dispatch({ type: "ended", refusal }), []);
  useSubscription(EventsDocument, { id }, { next, ended, positionOf, start: log.position });
  useEffect(() => logs.keep(id, log), [logs, id, log]);
  const newest = log.messages.at(-1)?.number;
  const read = useReadBefore(id);
  useReading(id, read && newest);
  useRereading(id, log.outdated, dispatch);
  const jump = useJump(id, log, dispatch, target);

  const { conversation } = log;
  const [community, refreshCommunity] = useCommunity(conversation?.communityId ?? undefined);
  const posted = useCallback((message: Message) => dispatch({ type: "messages", messages: [message] }), []);
  useEffect(
    () =>
      onPosted(({ conversationId }, message) => {
        if (conversationId !== id || !message) return;
        posted(message);
        // The message was posted, but the mentioned agent was not asked. Only the sender sees this notice.
        const why = message.agentRefusal?.message;
        if (why) setNotices((known) => ({ ...known, [message.id]: why }));
      }),
    [onPosted, id, posted],
  );
  const queued = useQueued(id);
  const pending = useMemo(() => unposted(queued, log.messages.slice(-200), user.userId), [queued, log.messages, user.userId]);
  const answer = log.messages.findLast(({ agentListingId }) => agentListingId);
  useEffect(() => {
    // An answer that was given costs coins, and one that is spoken minutes.
    if (!answer?.id) return;
    refreshMe();
    refreshCommunity();
    // The next question may have waited for it.
    outbox.wake();
  }, [answer?.id, answer?.ttsAudioUrl, refreshMe, refreshCommunity, outbox]);
  const isDearer = queued.some(({ code }) => code === "PRICE_CHANGED");
  useEffect(() => {
    if (isDearer) refreshCommunity();
  }, [isDearer, refreshCommunity]);

  const oldest = (log.past ?? log).messages[0]?.createdAt;
  const loadEarlier = useCallback(async () => {
    if (!oldest) return;
    const { messages } = await run(EarlierDocument, { id, before: oldest });
    dispatch({ type: "earlier", messages: messages ?? [] });
  }, [run, id, oldest]);
  const reply = useCallback((message: Message) => drafts.set(id, { replyTo: quotable(message) }), [drafts, id]);
  const playsAfter = useFirst(conversation?.kind === "LOUNGE" ? (newest ?? 0) : null);
  const deletion = useDeletion(posted);
  const safety = useSafety(useCallback((userId: string) => dispatch({ type: "blocked", userId }), []));
  const role = community?.viewerMembership?.role;
  const isModerator = role === "CREATOR" || role === "MODERATOR";
  const [editing, setEditing] = useState<string | null>(null);
  const askAgain = useCallback(
    (question: string) => {
      drafts.set(id, { text: question, replyTo: null });
      document.querySelector<HTMLElement>(".composer textarea")?.focus();
    },
    [drafts, id],
  );
  const deeds = useMemo<Deeds>(
    () => ({
      conversationId: id,
      isModerator,
      playsAfter,
      onReply: reply,
      onChanged: posted,
      onDelete: deletion.remove,
      onReport: safety.report,
      onBlock: safety.block,
      onJump: jump.toCursor,
      onAskAgain: askAgain,
      editing,
      setEditing,
    }),
    [id, isModerator, playsAfter, reply, posted, deletion.remove, safety.report, safety.block, jump.toCursor, askAgain, editing],
  );

  if (!conversation) return log.ended ? <NoConversation refusal={log.ended} /> : <Loading />;
  const closeSearch = () => {
    setSearch(null);
    focusComposer();
  };
  const editLast = () => {
    const last = log.messages.findLast(({ authorId, deletedAt }) => authorId === user.userId && !deletedAt);
    if (!last) return;
    jump.toMessage(last);
    setEditing(last.id);
  };
  return (
    <DeedsContext value={deeds}>
      <section className="conversation" aria-label={conversation.title}>
        <RoomHead
          conversation={conversation}
          presentCount={log.presentCount}
          onSearch={() => setSearch((words) => (words === null ? "" : null))}
          isSearching={search !== null}
          onDate={jump.toDate}
        />
        {search !== null && (
          <SearchPanel id={id} words={search} onWords={setSearch} onClose={closeSearch} onJump={jump.toCursor} />
        )}
        {conversation.support && (
          <SupportBar
            support={conversation.support}
            onCanned={(text) => {
              drafts.set(id, { text: joined(drafts.of(id).text, text) });
              focusComposer();
            }}
          />
        )}
        {conversation.kind === "LOUNGE" && community?.__typename === "Lounge" && (
          <LoungeBar lounge={community} onChanged={refreshCommunity} />
        )}
        <Messages
          log={log}
          pending={pending}
          price={community?.agentCallFee}
          notices={notices}
          hidden={deletion.hidden}
          read={read}
          words={search ?? ""}
          onEarlier={loadEarlier}
          onLater={jump.loadLater}
          onPresent={jump.toPresent}
          goal={jump.goal}
        />
        <Typing names={log.typing.filter((other) => other.id !== user.userId).map(({ name }) => name)} />
        {log.ended ? (
          <p className="refusal ended">{log.ended.message}</p>
        ) : (
          <Composer conversation={conversation} community={community ?? undefined} newest={newest ?? 0} onEditLast={editLast} />
        )}
        {safety.dialog}
      </section>
    </DeedsContext>
  );
}

function Typing({ names }: { names: string[] }) {
  const t = useText("room");
  return (
    <p className="typing">
      {names.length > 0 && t("typing", { count: names.length, names: names.slice(0, 3).join(", ") })}
    </p>
  );
}

function NoConversation({ refusal: { code, message } }: { refusal: NonNullable<Log["ended"]> }) {
  const t = useText("room");
  const isUnknown = code === "NOT_FOUND" || code === "INVALID";
  return <NotFound title={isUnknown ? t("unknownTitle") : t("closedTitle")}>{isUnknown ? t("unknownText") : message}</NotFound>;
}

/** The stored fields of the message that is replied to. */
const quotable = ({ id, content, agentName, author }: Message): Quoted => ({
  id,
  content,
  agentName,
  author: author && { name: author.name },
});

/** A prepared text goes behind what is typed. */
const joined = (typed: string, text: string) => (typed.trim() ? `${typed.trimEnd()}\n${text}` : text);

/** The first value that is not null; it stays. */
function useFirst<Value>(value: Value | null): Value | null {
  const [first, setFirst] = useState<Value | null>(null);
  if (first === null && value !== null) setFirst(value);
  return first;
}

/** The read mark before the conversation was opened; undefined until it is known. */
function useReadBefore(id: string): ReadBefore | undefined {
  const conversations = useInbox();
  const [read, setRead] = useState<ReadBefore>();
  if (!read && conversations) {
    // The inbox's first value is kept, because opening the conversation marks it as read.
    const listed = conversations.find((one) => one.id === id);
    setRead({ number: listed?.readCount ?? Infinity, hasUnread: (listed?.unreadCount ?? 0) > 0 });
  }
  return read;
}

/** Marks what is shown as read, while the page is looked at. */
function useReading(id: string, newest: number | undefined): void {
  const { run } = usePlaza();
  useEffect(() => {
    if (newest === undefined) return undefined;
    const read = () => {
      // Unread it stays where this fails, and is marked with the next message.
      if (document.visibilityState === "visible") run(ReadDocument, { id }).catch(() => {});
    };
    read();
    document.addEventListener("visibilitychange", read);
    return () => document.removeEventListener("visibilitychange", read);
  }, [run, id, newest]);
}

/** Reads again, page by page, what may have changed while the log did not reach back. */
function useRereading(id: string, outdated: Log["outdated"], dispatch: (action: Action) => void): void {
  const { run } = usePlaza();
  const state = useConnection();
  const before = outdated?.before;
  const dispatching = useRef(dispatch);
  useEffect(() => {
    if (!before || state !== "open") return undefined;
    let isCurrent = true;
    // If this fails, it is tried again with the next connection.
    run(EarlierDocument, { id, before }).then(
      ({ messages }) => isCurrent && messages && dispatching.current({ type: "reread", messages }),
      () => {},
    );
    return () => {
      isCurrent = false;
    };
  }, [run, id, before, state]);
}
