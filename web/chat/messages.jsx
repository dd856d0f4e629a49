import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { Answer } from "./answer.jsx";
import { Message } from "./message.jsx";
import { openQuestions } from "./model/log.js";
import { Pending } from "./pending.jsx";
import { useDeed } from "./plaza.jsx";

/** Pixels from the end within which the list follows what is new. */
const NEAR = 80;

export function Messages({ log, pending, price, notices, onEarlier, onReply, onChanged }) {
  const list = useRef(null);
  const isAtEnd = useRef(true);
  const { isBusy, refusal, attempt } = useDeed();
  const { messages, hasEarlier } = log;
  const byId = new Map(messages.map((message) => [message.id, message]));

  const stay = () => {
    // A growth may be told when the list is gone already.
    if (isAtEnd.current && list.current) list.current.scrollTop = list.current.scrollHeight;
  };
  useLayoutEffect(stay, [messages]);
  const newestPending = pending.at(-1)?.key;
  useLayoutEffect(() => {
    // Who sends something sees it.
    if (newestPending) isAtEnd.current = true;
    stay();
  }, [newestPending]);
  useEffect(() => {
    // What grows by itself, such as an answer or a picture, keeps the list at its end.
    const growth = new ResizeObserver(stay);
    growth.observe(list.current.firstElementChild);
    return () => growth.disconnect();
  }, []);

  // One message at a time can be reached by Tab, with what can be done to it; the arrow keys go to the others.
  const [chosen, setChosen] = useState(null);
  const active = byId.has(chosen) ? chosen : messages.at(-1)?.id;
  function walk(event) {
    if (event.target !== event.currentTarget.querySelector('li[tabindex="0"]')) return;
    const index = messages.findIndex(({ id }) => id === active);
    const last = messages.length - 1;
    const next = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: last }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const { id } = messages[Math.min(Math.max(next, 0), last)];
    setChosen(id);
    list.current.querySelector(`[data-id="${CSS.escape(id)}"]`)?.focus();
  }

  async function showEarlier() {
    const height = list.current.scrollHeight;
    isAtEnd.current = false;
    await attempt(() => onEarlier(messages[0].createdAt));
    requestAnimationFrame(() => {
      if (list.current) list.current.scrollTop += list.current.scrollHeight - height;
    });
  }

  function scrolled({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) {
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR;
  }

  return (
    <div className="messages" ref={list} onScroll={scrolled} role="log" aria-label="Messages">
      <ol onKeyDown={walk}>
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
            notice={notices[message.id]}
            isActive={message.id === active}
            onReply={onReply}
            onChanged={onChanged}
          />
        ))}
        {openQuestions(messages).map((question) => (
          <Answer key={question.agentReply.id} replyId={question.agentReply.id} />
        ))}
        {pending.map((entry) => (
          <Pending key={entry.key} entry={entry} price={price} />
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
