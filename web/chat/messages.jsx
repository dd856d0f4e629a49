import { useEffect, useLayoutEffect, useRef } from "react";
import { Answer } from "./answer.jsx";
import { openQuestions } from "./log.js";
import { Message } from "./message.jsx";
import { useDeed } from "./plaza.jsx";

/** So near to the end, in pixels, one is taken to read along. */
const NEAR = 80;

export function Messages({ log, onEarlier, onReply, onChanged }) {
  const list = useRef(null);
  const isAtEnd = useRef(true);
  const { isBusy, refusal, attempt } = useDeed();
  const { messages, hasEarlier } = log;
  const byId = new Map(messages.map((message) => [message.id, message]));

  const stay = () => {
    if (isAtEnd.current) list.current.scrollTop = list.current.scrollHeight;
  };
  useLayoutEffect(stay, [messages]);
  useEffect(() => {
    // What grows by itself, such as an answer or a picture, keeps who reads along at the end.
    const growth = new ResizeObserver(stay);
    growth.observe(list.current.firstElementChild);
    return () => growth.disconnect();
  }, []);

  async function showEarlier() {
    const height = list.current.scrollHeight;
    isAtEnd.current = false;
    await attempt(() => onEarlier(messages[0].createdAt));
    requestAnimationFrame(() => {
      list.current.scrollTop += list.current.scrollHeight - height;
    });
  }

  function scrolled({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) {
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR;
  }

  return (
    <div className="messages" ref={list} onScroll={scrolled} tabIndex={0} role="log" aria-label="Messages">
      <ol>
        {hasEarlier && (
          <li className="earlier">
            <button type="button" className="button button-small" onClick={showEarlier} disabled={isBusy}>
              Earlier messages
            </button>
            <span className="refusal">{refusal}</span>
          </li>
        )}
        {messages.map((message, index) => (
          <Message
            key={message.id}
            message={message}
            isFollowing={follows(message, messages[index - 1])}
            replyTo={byId.get(message.replyToId)}
            onReply={onReply}
            onChanged={onChanged}
          />
        ))}
        {openQuestions(messages).map((question) => (
          <Answer key={question.agentReply.id} replyId={question.agentReply.id} />
        ))}
      </ol>
    </div>
  );
}

const GAP = 5 * 60 * 1000;

/** Whether a message is the next of the same speaker, soon after. */
function follows(message, before) {
  return (
    before?.messageType === "TEXT" &&
    message.messageType === "TEXT" &&
    before.authorId === message.authorId &&
    before.agentListingId === message.agentListingId &&
    new Date(message.createdAt) - new Date(before.createdAt) < GAP
  );
}
