import { useRef, useState } from "react";
import { operations } from "plaza:operations";
import { coins } from "./coins.js";
import { newKey, useDeed, usePlaza } from "./plaza.jsx";
import { Recorder } from "./recorder.jsx";

/** Milliseconds between two words that somebody types. */
const TYPING = 3000;

export function Composer({ conversation, community, draft, onDraft, replyTo, onReply, onPosted }) {
  const { run } = usePlaza();
  const { isBusy, refusal, attempt } = useDeed();
  const [notice, setNotice] = useState(null);
  const [listingId, setListingId] = useState("");
  const [isAloud, setAloud] = useState(true);
  const key = useRef(newKey());
  const typedAt = useRef(0);
  const { id, type } = conversation;
  const agents = type === "ROOM" ? (community?.agents ?? []).filter(({ listing }) => listing.status === "ACTIVE") : [];
  const isAsking = agents.some(({ listing }) => listing.id === listingId);
  const isLounge = type === "LOUNGE" && community;

  async function send() {
    const content = draft;
    const clientKey = key.current;
    if (isLounge) {
      const voice = isAloud ? null : false;
      await run(operations.askLounge, { loungeId: community.id, content, voice, clientKey, fee: community.agentCallFee });
      return;
    }
    if (isAsking) {
      await run(operations.askAgent, { id, listingId, content, clientKey, fee: community.agentCallFee });
      return;
    }
    const { postMessage } = await run(operations.post, { id, content, clientKey, replyToId: replyTo?.id });
    onPosted(postMessage);
    setNotice(postMessage.callRefusal?.message ?? null);
  }

  async function submit(event) {
    event?.preventDefault();
    if (isBusy || !draft.trim()) return;
    setNotice(null);
    // What was refused, or lost on the way, stays here, and is the same message when it is sent again.
    if (!(await attempt(send))) return;
    key.current = newKey();
    typedAt.current = 0;
    onDraft("");
    onReply(null);
  }

  function change(event) {
    onDraft(event.target.value);
    key.current = newKey();
    if (Date.now() - typedAt.current < TYPING) return;
    typedAt.current = Date.now();
    run(operations.typing, { id }).catch(() => {});
  }

  function press(event) {
    // The Enter that ends a word of an input method is not a command.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  }

  return (
    <form className="composer" onSubmit={submit}>
      {replyTo && (
        <p className="composer-reply">
          <span>
            Reply to {replyTo.agentName ?? replyTo.author?.name}: {replyTo.content}
          </span>
          <button type="button" className="quiet" onClick={() => onReply(null)}>
            Cancel
          </button>
        </p>
      )}
      {(refusal ?? notice) && (
        <p className="refusal" role="alert">
          {refusal ?? notice}
        </p>
      )}
      <div className="composer-line">
        {agents.length > 0 && (
          <select
            className="input"
            aria-label="To whom"
            value={isAsking ? listingId : ""}
            onChange={(event) => setListingId(event.target.value)}
          >
            <option value="">To everybody</option>
            {agents.map(({ listing }) => (
              <option key={listing.id} value={listing.id}>
                Ask {listing.agentName} ({community.agentCallFee > 0 ? coins(community.agentCallFee) : "free"})
              </option>
            ))}
          </select>
        )}
        <textarea
          className="input"
          aria-label="Message"
          placeholder={isLounge ? `Say something to ${community.name}` : "Message"}
          value={draft}
          onChange={change}
          onKeyDown={press}
          rows={1}
          dir="auto"
        />
        {isLounge && (
          <button
            type="button"
            className="button"
            aria-pressed={isAloud}
            title={isAloud ? "Answers are read aloud" : "Answers are text only"}
            onClick={() => setAloud(!isAloud)}
          >
            {isAloud ? "🔊" : "🔇"}
          </button>
        )}
        <Recorder conversationId={id} onRefused={setNotice} onPosted={onPosted} />
        <button className="button button-primary" disabled={isBusy || !draft.trim()}>
          {isAsking ? "Ask" : "Send"}
        </button>
      </div>
    </form>
  );
}
