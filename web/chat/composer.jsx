import { useCallback, useEffect, useRef, useState } from "react";
import { operations } from "plaza:operations";
import { sends } from "./model/keys.js";
import { coins } from "./model/prices.js";
import { useDraft, usePlaza } from "./plaza.jsx";
import { Recorder } from "./recorder.jsx";

/** Milliseconds between two notices that the viewer is typing. */
const TYPING = 3000;

/** Where messages are written. It is never disabled: what is sent goes into the outbox, and the field is free at once. */
export function Composer({ conversation, community, newest }) {
  const { run, outbox, drafts } = usePlaza();
  const [notice, setNotice] = useState(null);
  const [listingId, setListingId] = useState("");
  const [isAloud, setAloud] = useState(true);
  const field = useRef(null);
  const typedAt = useRef(0);
  const { id, type } = conversation;
  const { text, replyTo } = useDraft(id);
  const agents = type === "ROOM" ? (community?.agents ?? []).filter(({ listing }) => listing.status === "ACTIVE") : [];
  const isAsking = agents.some(({ listing }) => listing.id === listingId);
  const isLounge = type === "LOUNGE" && community;

  useEffect(() => {
    // Who chose a message to reply to goes on writing.
    if (replyTo) field.current.focus();
  }, [replyTo]);

  function submit(event) {
    event?.preventDefault();
    // The draft as it is now: keys may have come faster than the page was drawn.
    const { text: content, replyTo: answered } = drafts.of(id);
    if (!content.trim()) return;
    setNotice(null);
    typedAt.current = 0;
    outbox.add(id, { ...addressed(), content, replyTo: answered, afterNumber: newest });
    drafts.set(id, { text: "", replyTo: null });
    field.current.focus();
  }

  /** To whom it is sent, and at which price. */
  function addressed() {
    const fee = community?.agentCallFee;
    if (isLounge) return { kind: "lounge", loungeId: community.id, voice: isAloud ? null : false, fee };
    if (isAsking) return { kind: "agent", listingId, fee };
    return { kind: "post" };
  }

  function change(event) {
    drafts.set(id, { text: event.target.value });
    if (Date.now() - typedAt.current < TYPING) return;
    typedAt.current = Date.now();
    run(operations.typing, { id }).catch(() => {});
  }

  function press(event) {
    const { key, shiftKey, keyCode } = event;
    if (key === "Escape" && replyTo) drafts.set(id, { replyTo: null });
    if (!sends({ key, shiftKey, keyCode, isComposing: event.nativeEvent.isComposing })) return;
    event.preventDefault();
    submit();
  }

  const record = useCallback(
    (audio) => outbox.add(id, { kind: "voice", content: "Voice message", audio, afterNumber: newest }),
    [outbox, id, newest],
  );

  return (
    <form className="composer" onSubmit={submit}>
      {replyTo && (
        <p className="composer-reply">
          <span>
            Reply to {replyTo.agentName ?? replyTo.author?.name}: {replyTo.content}
          </span>
          <button type="button" className="quiet" onClick={() => drafts.set(id, { replyTo: null })}>
            Cancel
          </button>
        </p>
      )}
      {notice && (
        <p className="refusal" role="alert">
          {notice}
        </p>
      )}
      <div className="composer-line">
        {agents.length > 0 && (
          <select
            className="input"
            aria-label="Send to"
            value={isAsking ? listingId : ""}
            onChange={(event) => setListingId(event.target.value)}
          >
            <option value="">To the room</option>
            {agents.map(({ listing }) => (
              <option key={listing.id} value={listing.id}>
                Ask {listing.agentName} ({community.agentCallFee > 0 ? coins(community.agentCallFee) : "free"})
              </option>
            ))}
          </select>
        )}
        <textarea
          ref={field}
          className="input"
          aria-label="Message"
          placeholder={isLounge ? `Message ${community.name}` : "Message"}
          value={text}
          onChange={change}
          onKeyDown={press}
          rows={1}
          dir="auto"
          enterKeyHint="send"
        />
        {isLounge && (
          <button
            type="button"
            className="button"
            aria-pressed={isAloud}
            aria-label="Read answers aloud"
            title={isAloud ? "Answers are read aloud" : "Answers are text only"}
            onClick={() => setAloud(!isAloud)}
          >
            {isAloud ? "🔊" : "🔇"}
          </button>
        )}
        {conversation.canSendVoice && <Recorder onRefused={setNotice} onRecorded={record} />}
        <button className="button button-primary" disabled={!text.trim()}>
          {isAsking ? "Ask" : "Send"}
        </button>
      </div>
    </form>
  );
}
