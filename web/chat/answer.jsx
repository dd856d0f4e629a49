import { useCallback, useState } from "react";
import { operations } from "plaza:operations";
import { Avatar } from "./avatar.jsx";
import { useDeed, usePlaza, useSubscription } from "./plaza.jsx";
import { Prose } from "./prose.jsx";

const SILENT = { text: "", name: "", askerId: null, isDone: false, error: null };

const positionOf = ({ agentReply }) => agentReply.position;

/** An answer as it is given, until it is posted as a message. */
export function Answer({ replyId }) {
  const { user, run } = usePlaza();
  const [answer, setAnswer] = useState(SILENT);
  const { refusal, attempt } = useDeed();
  const heard = useCallback(({ agentReply: event }) => setAnswer((known) => withEvent(known, event)), []);
  const ended = useCallback(() => setAnswer((known) => ({ ...known, isDone: true })), []);
  useSubscription(operations.answer, { id: replyId }, heard, ended, { positionOf });

  // What was said stays until its message is heard; where nothing was said, none comes.
  if (answer.isDone && !answer.text && !answer.error) return null;
  return (
    <li className="message" aria-busy={!answer.isDone}>
      <Avatar name={answer.name || "…"} />
      <div className="message-body">
        <p className="message-head">
          <strong>{answer.name}</strong>
          <span className="tag">Agent</span>
        </p>
        {answer.text ? <Prose text={answer.text} /> : !answer.error && <p className="thinking">…</p>}
        {answer.error && <p className="refusal">{answer.error}</p>}
        {!answer.isDone && answer.askerId === user.id && (
          <button
            type="button"
            className="button button-small"
            onClick={() => attempt(() => run(operations.stopAnswer, { id: replyId }))}
          >
            Stop
          </button>
        )}
        {refusal && <p className="refusal">{refusal}</p>}
      </div>
    </li>
  );
}

function withEvent(answer, { type, content, message, reply }) {
  switch (type) {
    case "META":
      return { ...SILENT, name: reply.listing?.agentName ?? "Agent", askerId: reply.asker.id };
    case "CHUNK":
      return { ...answer, text: answer.text + content };
    case "ERROR":
      return { ...answer, error: message };
    case "DONE":
      return { ...answer, isDone: true };
    default:
      return answer;
  }
}
