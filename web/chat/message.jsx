import { useState } from "react";
import { operations } from "plaza:operations";
import { Avatar } from "./avatar.jsx";
import { useDeed, usePlaza } from "./plaza.jsx";
import { Prose } from "./prose.jsx";
import { When } from "./when.jsx";

const EMOJI = ["👍", "❤️", "😂", "🎉", "😮"];

export function Message({ message, isFollowing, replyTo, onReply, onChanged }) {
  const [isShown, setShown] = useState(!message.isFromBlocked);
  const [isEditing, setEditing] = useState(false);
  const { refusal, attempt } = useDeed();
  const { user, run } = usePlaza();

  if (message.messageType === "SYSTEM") {
    return (
      <li className="message-system">
        <Prose text={message.content} />
      </li>
    );
  }
  const isOwn = message.authorId === user.id;
  const name = message.agentName ?? message.author?.name ?? "Somebody who left";
  const change = (query, variables) =>
    attempt(async () => onChanged(Object.values(await run(query, { id: message.id, ...variables }))[0]));
  const react = (emoji, has) => change(has ? operations.unreact : operations.react, { emoji });

  return (
    <li className="message" data-own={isOwn} data-following={isFollowing}>
      {!isFollowing && <Avatar name={name} image={message.author?.image} />}
      <div className="message-body">
        {!isFollowing && (
          <p className="message-head">
            <strong>{name}</strong>
            {message.agentListingId && <span className="tag">Agent</span>}
            <When at={message.createdAt} />
          </p>
        )}
        {replyTo && !message.agentListingId && (
          <blockquote className="quoted">
            {replyTo.agentName ?? replyTo.author?.name}: {replyTo.deletedAt ? "Deleted" : replyTo.content}
          </blockquote>
        )}
        {message.deletedAt ? (
          <p className="message-gone">Deleted</p>
        ) : !isShown ? (
          <button type="button" className="quiet" onClick={() => setShown(true)}>
            Somebody you blocked wrote this. Show it
          </button>
        ) : isEditing ? (
          <Editor
            content={message.content}
            onCancel={() => setEditing(false)}
            onSave={async (content) => (await change(operations.edit, { content })) && setEditing(false)}
          />
        ) : (
          <>
            <Prose text={message.content} />
            {message.isIncomplete && <p className="message-note">This is only a part: the answer was broken off.</p>}
            {message.editedAt && <span className="message-note">edited</span>}
            {message.ttsAudioUrl && <audio controls preload="none" src={message.ttsAudioUrl} />}
          </>
        )}
        <Reactions reactions={message.reactions} onReact={react} />
        {refusal && (
          <p className="refusal" role="alert">
            {refusal}
          </p>
        )}
      </div>
      {!message.deletedAt && !isEditing && (
        <div className="message-tools">
          {EMOJI.map((emoji) => (
            <button key={emoji} type="button" title={`React with ${emoji}`} onClick={() => react(emoji, false)}>
              {emoji}
            </button>
          ))}
          <button type="button" onClick={() => onReply(message)}>
            Reply
          </button>
          {isOwn && (
            <>
              <button type="button" onClick={() => setEditing(true)}>
                Edit
              </button>
              <button type="button" onClick={() => change(operations.delete)}>
                Delete
              </button>
            </>
          )}
        </div>
      )}
    </li>
  );
}

function Reactions({ reactions, onReact }) {
  if (reactions.length === 0) return null;
  return (
    <p className="reactions">
      {reactions.map(({ emoji, count, viewerReacted }) => (
        <button
          key={emoji}
          type="button"
          className="reaction"
          aria-pressed={viewerReacted}
          aria-label={`${emoji}, ${count}`}
          onClick={() => onReact(emoji, viewerReacted)}
        >
          {emoji} {count}
        </button>
      ))}
    </p>
  );
}

function Editor({ content, onSave, onCancel }) {
  const [text, setText] = useState(content);
  return (
    <form
      className="editor"
      onSubmit={(event) => {
        event.preventDefault();
        onSave(text);
      }}
    >
      <textarea aria-label="Message" value={text} onChange={(event) => setText(event.target.value)} rows={2} autoFocus />
      <button className="button button-small button-primary">Save</button>
      <button type="button" className="button button-small" onClick={onCancel}>
        Cancel
      </button>
    </form>
  );
}
