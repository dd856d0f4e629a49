import { useCallback, useEffect, useMemo, useReducer, useState } from "react";
import { operations } from "plaza:operations";
import { Composer } from "./composer.jsx";
import { useCommunity } from "./community.js";
import { LoungeBar } from "./lounge.jsx";
import { reduce } from "./model/log.js";
import { unposted } from "./model/outbox.js";
import { toCommunity } from "./model/routes.js";
import { Messages } from "./messages.jsx";
import { NotFound } from "./not-found.jsx";
import { useConnection, usePlaza, useQueued, useSubscription } from "./plaza.jsx";
import { SupportBar } from "./support.jsx";

const positionOf = ({ conversationEvents }) => conversationEvents.position;

/** One conversation, live. */
export function Conversation({ id }) {
  const { run, user, refreshMe, drafts, logs, outbox, onPosted } = usePlaza();
  const [log, dispatch] = useReducer(reduce, id, (id) => logs.of(id));
  const [notices, setNotices] = useState({});
  const heard = useCallback(({ conversationEvents: event }) => dispatch({ type: "event", event }), []);
  const ended = useCallback((refusal) => dispatch({ type: "ended", refusal }), []);
  useSubscription(operations.events, { id }, heard, ended, { positionOf, start: log.position });
  useEffect(() => logs.keep(id, log), [logs, id, log]);
  const newest = log.messages.at(-1)?.number;
  useReading(id, newest);
  useRereading(id, log.outdated, dispatch);

  const { conversation } = log;
  const [community, refreshCommunity] = useCommunity(conversation?.communityId);
  const posted = useCallback((message) => dispatch({ type: "messages", messages: [message] }), []);
  useEffect(
    () =>
      onPosted(({ conversationId }, message) => {
        if (conversationId !== id || !message) return;
        posted(message);
        // It was posted, but an agent that it calls by name was not asked: only the sender is told.
        if (message.callRefusal) setNotices((known) => ({ ...known, [message.id]: message.callRefusal.message }));
      }),
    [onPosted, id, posted],
  );
  const queued = useQueued(id);
  const pending = useMemo(() => unposted(queued, log.messages, user.id), [queued, log.messages, user.id]);
  const answer = log.messages.findLast(({ agentListingId }) => agentListingId);
  useEffect(() => {
    // An answer that was given costs coins, and one that is spoken minutes.
    if (!answer) return;
    refreshMe();
    refreshCommunity();
    // The next question may have waited for it.
    outbox.wake();
  }, [answer?.id, answer?.ttsAudioUrl, refreshMe, refreshCommunity, outbox]);
  const isDearer = queued.some(({ code }) => code === "PRICE_CHANGED");
  useEffect(() => {
    if (isDearer) refreshCommunity();
  }, [isDearer, refreshCommunity]);
  const loadEarlier = useCallback(
    async (before) => {
      const { messages } = await run(operations.earlier, { id, before });
      dispatch({ type: "earlier", messages });
    },
    [run, id],
  );
  const reply = useCallback((message) => drafts.set(id, { replyTo: quotable(message) }), [drafts, id]);

  if (!conversation) return log.ended ? <NoConversation refusal={log.ended} /> : <p className="hint">Opening…</p>;
  const typing = log.typing.filter((other) => other.id !== user.id).map(({ name }) => name);
  return (
    <section className="conversation" aria-label={conversation.title}>
      <header className="conversation-head">
        <a className="back" href="#/" aria-label="All conversations">
          ‹
        </a>
        <h1>
          {conversation.communityId ? (
            <a href={toCommunity(conversation.communityId)}>{conversation.title}</a>
          ) : (
            conversation.title
          )}
        </h1>
        <span className="present">{log.presentCount > 0 && `${log.presentCount} here`}</span>
      </header>
      {conversation.support && (
        <SupportBar support={conversation.support} onCanned={(text) => drafts.set(id, { text: joined(drafts.of(id).text, text) })} />
      )}
      {conversation.type === "LOUNGE" && community && <LoungeBar lounge={community} onChanged={refreshCommunity} />}
      <Messages
        log={log}
        pending={pending}
        price={community?.agentCallFee}
        notices={notices}
        onEarlier={loadEarlier}
        onReply={reply}
        onChanged={posted}
      />
      <p className="typing" role="status">
        {typing.length > 0 && `${typing.slice(0, 3).join(", ")} ${typing.length === 1 ? "is" : "are"} typing…`}
      </p>
      {log.ended ? (
        <p className="refusal ended">{log.ended.message}</p>
      ) : (
        <Composer conversation={conversation} community={community} newest={newest ?? 0} />
      )}
    </section>
  );
}

function NoConversation({ refusal: { code, message } }) {
  const isUnknown = code === "NOT_FOUND" || code === "INVALID";
  return (
    <NotFound title={isUnknown ? "There is no such conversation" : "This conversation cannot be opened"}>
      {isUnknown ? "It may have been deleted, or you may not be one of those who can read it." : message}
    </NotFound>
  );
}

/** What is kept of a message that is replied to. */
const quotable = ({ id, content, agentName, author }) => ({ id, content, agentName, author: author && { name: author.name } });

/** A prepared text goes behind what is typed. */
const joined = (typed, text) => (typed.trim() ? `${typed.trimEnd()}\n${text}` : text);

/** Marks what is shown as read, while the page is looked at. */
function useReading(id, newest) {
  const { run } = usePlaza();
  useEffect(() => {
    if (newest === undefined) return undefined;
    const read = () => {
      // Unread it stays where this fails, and is marked with the next message.
      if (document.visibilityState === "visible") run(operations.read, { id }).catch(() => {});
    };
    read();
    document.addEventListener("visibilitychange", read);
    return () => document.removeEventListener("visibilitychange", read);
  }, [run, id, newest]);
}

/** Reads again, page by page, what may have changed while the log did not reach back. */
function useRereading(id, outdated, dispatch) {
  const { run } = usePlaza();
  const state = useConnection();
  const before = outdated?.before;
  useEffect(() => {
    if (!before || state !== "open") return undefined;
    let isCurrent = true;
    // Where this fails it is tried again with the next connection.
    run(operations.earlier, { id, before }).then(
      ({ messages }) => isCurrent && dispatch({ type: "reread", messages }),
      () => {},
    );
    return () => {
      isCurrent = false;
    };
  }, [run, id, before, state, dispatch]);
}
