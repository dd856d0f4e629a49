import { useState } from "react";
import { operations } from "plaza:operations";
import { Avatar } from "./avatar.jsx";
import { useConfirm } from "./dialog.jsx";
import { sends } from "./model/keys.js";
import { useDeed, usePlaza } from "./plaza.jsx";
import { Prose } from "./prose.jsx";
import { When } from "./when.jsx";

const EMOJI = ["👍", "❤️", "😂", "🎉", "😮"];

export function Message({ message, isFollowing, replyTo, notice, isActive, onReply, onChanged }) {
  const [isShown, setShown] = useState(!message.isFromBlocked);
  const [isEditing, setEditing] = useState(false);
  const { refusal, attempt } = useDeed();
  const { user, run } = usePlaza();
  const confirm = useConfirm();

  if (message.messageType === "SYSTEM") {
    return (
      <li className="message-system" data-id={message.id} tabIndex={isActive ? 0 : -1}>
        <Prose text={message.content} />
      </li>
    );
  }
  const tab = isActive ? 0 : -1;
  const isOwn = message.authorId === user.id;
  const name = message.agentName ?? message.author?.name ?? "Deleted account";
  const change = (query, variables) =>
    attempt(async () => onChanged(Object.values(await run(query, { id: message.id, ...variables }))[0]));
  async function remove() {
    const isSure = await confirm({
      title: "Delete this message?",
      text: "Everyone in the conversation sees that it was deleted. This cannot be undone.",
      action: "Delete",
      isDangerous: true,
    });
    if (isSure) change(operations.delete);
  }
  const react = (emoji, has) => change(has ? operations.unreact : operations.react, { emoji });

  return (
    <li className="message" data-id={message.id} data-own={isOwn} data-following={isFollowing} tabIndex={isActive ? 0 : -1}>
      {!isFollowing && <Avatar name={name} image={message.author?.image} />}
      <div className="message-body">
        {isFollowing ? (
          <p className="visually-hidden">
            {name} <When at={message.createdAt} />
          </p>
        ) : (
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
            From a person you blocked. Show it
          </button>
        ) : isEditing ? (
          <Editor
            content={message.content}
            onCancel={() => setEditing(false)}
            onSave={async (content) => (await change(operations.edit, { content })) && setEditing(false)}
          />
        ) : (
          <>
            <Prose text={message.content} called={message.agentReply?.listing?.agentName} />
            {message.isIncomplete && <p className="message-note">This is only a part: the answer broke off.</p>}
            {message.editedAt && <span className="message-note">edited</span>}
            {message.ttsAudioUrl && <audio controls preload="none" src={message.ttsAudioUrl} />}
          </>
        )}
        {notice && (
          <p className="refusal" role="alert">
            {notice}
          </p>
        )}
        <Reactions reactions={message.reactions} tab={tab} onReact={react} />
        {refusal && (
          <p className="refusal" role="alert">
            {refusal}
          </p>
        )}
      </div>
      {!message.deletedAt && !isEditing && (
        <div className="message-tools">
          {EMOJI.map((emoji) => (
            <button key={emoji} type="button" tabIndex={tab} title={`React with ${emoji}`} onClick={() => react(emoji, false)}>
              {emoji}
            </button>
          ))}
          <button type="button" tabIndex={tab} onClick={() => onReply(message)}>
            Reply
          </button>
          {isOwn && (
            <>
              <button type="button" tabIndex={tab} onClick={() => setEditing(true)}>
                Edit
              </button>
              <button type="button" tabIndex={tab} onClick={remove}>
                Delete
              </button>
            </>
          )}
        </div>
      )}
    </li>
  );
}

function Reactions({ reactions, tab, onReact }) {
  if (reactions.length === 0) return null;
  return (
    <p className="reactions">
      {reactions.map(({ emoji, count, viewerReacted }) => (
        <button
          key={emoji}
          type="button"
          className="reaction"
          tabIndex={tab}
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

export function Editor({ content, label = "Save", onSave, onCancel }) {
  const [text, setText] = useState(content);
  function press(event) {
    const { key, shiftKey, keyCode, nativeEvent } = event;
    if (key === "Escape") onCancel();
    if (!sends({ key, shiftKey, keyCode, isComposing: nativeEvent.isComposing })) return;
    event.preventDefault();
    onSave(text);
  }
  return (
    <form
      className="editor"
      onSubmit={(event) => {
        event.preventDefault();
        onSave(text);
      }}
    >
      <textarea aria-label="Message" value={text} onChange={(event) => setText(event.target.value)} onKeyDown={press} rows={2} dir="auto" autoFocus />
      <button className="button button-small button-primary">{label}</button>
      <button type="button" className="button button-small" onClick={onCancel}>
        Cancel
      </button>
    </form>
  );
}
