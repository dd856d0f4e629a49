import { useState } from "react";
import { Avatar } from "./avatar.jsx";
import { Editor } from "./message.jsx";
import { coins } from "./model/prices.js";
import { useConnection, usePlaza } from "./plaza.jsx";
import { Prose } from "./prose.jsx";

/** Codes of refusals that sending the same once more does not change. */
const FINAL = new Set(["INVALID", "PRICE_CHANGED", "PAYLOAD_TOO_LARGE", "UNPROCESSABLE"]);

/** A message on its way, or one that was refused. */
export function Pending({ entry, price }) {
  const { user, outbox } = usePlaza();
  const [isEditing, setEditing] = useState(false);
  const { key, content, kind, status, reason, code, replyTo } = entry;
  const isFailed = status === "failed";
  const isLost = useConnection() === "reconnecting";
  const isWaiting = status === "waiting" || (status === "queued" && isLost);
  return (
    <li className="message message-pending" data-status={status}>
      <Avatar name={user.name} image={user.image} />
      <div className="message-body">
        <p className="message-head">
          <strong>{user.name}</strong>
        </p>
        {replyTo && (
          <blockquote className="quoted">
            {replyTo.agentName ?? replyTo.author?.name}: {replyTo.content}
          </blockquote>
        )}
        {isEditing ? (
          <Editor
            content={content}
            label="Send"
            onCancel={() => setEditing(false)}
            onSave={(changed) => {
              if (!changed.trim()) return;
              setEditing(false);
              outbox.edit(key, { content: changed, fee: price ?? entry.fee });
            }}
          />
        ) : (
          <Prose text={content} />
        )}
        {isFailed ? (
          <p className="refusal" role="alert">
            Not sent: {reason}
          </p>
        ) : (
          <p className="message-note">{isWaiting ? `Not sent yet. ${waitingFor(entry, isLost)}` : "Sending…"}</p>
        )}
        {!isEditing && (
          <p className="message-ways">
            {isFailed && code === "PRICE_CHANGED" && price !== undefined && (
              <button type="button" className="button button-small" onClick={() => outbox.edit(key, { fee: price })}>
                Send for {coins(price)}
              </button>
            )}
            {isFailed && !FINAL.has(code) && (
              <button type="button" className="button button-small" onClick={() => outbox.retry(key)}>
                Try again
              </button>
            )}
            {isFailed && kind !== "voice" && (
              <button type="button" className="button button-small" onClick={() => setEditing(true)}>
                Edit
              </button>
            )}
            {(isFailed || isWaiting) && (
              <button type="button" className="button button-small" onClick={() => outbox.remove(key)}>
                Remove
              </button>
            )}
          </p>
        )}
      </div>
    </li>
  );
}

function waitingFor({ code }, isLost) {
  if (isLost) return "It waits for the connection.";
  if (code === "REPLY_RUNNING") return "It waits until your last question is answered.";
  return "Trying again…";
}
