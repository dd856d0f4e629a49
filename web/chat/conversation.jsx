import { useCallback, useEffect, useReducer, useState } from "react";
import { operations } from "plaza:operations";
import { Composer } from "./composer.jsx";
import { useCommunity } from "./community.js";
import { LoungeBar } from "./lounge.jsx";
import { reduce, UNHEARD } from "./log.js";
import { Messages } from "./messages.jsx";
import { toCommunity } from "./place.js";
import { usePlaza, useSubscription } from "./plaza.jsx";
import { SupportBar } from "./support.jsx";

/** One conversation, live. */
export function Conversation({ id }) {
  const { run, user, refreshMe } = usePlaza();
  const [log, dispatch] = useReducer(reduce, UNHEARD);
  const [replyTo, setReplyTo] = useState(null);
  const [draft, setDraft] = useState("");
  const heard = useCallback(({ conversationEvents: event }) => dispatch({ type: "event", event }), []);
  const ended = useCallback((refusal) => dispatch({ type: "ended", refusal }), []);
  useSubscription(operations.events, { id }, heard, ended);
  useReading(id, log.messages.at(-1)?.number);

  const { conversation } = log;
  const [community, refreshCommunity] = useCommunity(conversation?.communityId);
  const posted = useCallback((message) => dispatch({ type: "messages", messages: [message] }), []);
  const answer = log.messages.findLast(({ agentListingId }) => agentListingId);
  useEffect(() => {
    // An answer that was given costs coins, and one that is spoken minutes.
    if (!answer) return;
    refreshMe();
    refreshCommunity();
  }, [answer?.id, answer?.ttsAudioUrl, refreshMe, refreshCommunity]);
  const loadEarlier = useCallback(
    async (before) => {
      const { messages } = await run(operations.earlier, { id, before });
      dispatch({ type: "earlier", messages });
    },
    [run, id],
  );

  if (!conversation) return <p className="hint">{log.ended?.message ?? "Opening…"}</p>;
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
      {conversation.support && <SupportBar support={conversation.support} onCanned={setDraft} />}
      {conversation.type === "LOUNGE" && community && <LoungeBar lounge={community} onChanged={refreshCommunity} />}
      <Messages log={log} onEarlier={loadEarlier} onReply={setReplyTo} onChanged={posted} />
      <p className="typing" role="status">
        {typing.length > 0 && `${typing.slice(0, 3).join(", ")} ${typing.length === 1 ? "is" : "are"} typing…`}
      </p>
      {log.ended ? (
        <p className="refusal ended">{log.ended.message}</p>
      ) : (
        <Composer
          conversation={conversation}
          community={community}
          draft={draft}
          onDraft={setDraft}
          replyTo={replyTo}
          onReply={setReplyTo}
          onPosted={posted}
        />
      )}
    </section>
  );
}

/** Marks what is shown as read, while somebody looks. */
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
