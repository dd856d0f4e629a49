import { SendHorizontal, Smile, Volume2, VolumeX, X } from "lucide-react";
import { type KeyboardEvent, type SyntheticEvent, useCallback, useEffect, useRef, useState } from "react";
import { useText } from "../../../i18n";
import { IconButton } from "../../../ui/button";
import { OneLine } from "../../../ui/one-line";
import { useDraft, usePlaza } from "../../app/plaza";
import { sends } from "../../model/keys";
import type { Conversation } from "../../model/log";
import type { Outgoing } from "../../model/outbox";
import type { Community } from "../community/use-community";
import { EmojiButton } from "./emoji";
import { Completion, useCompletion } from "./mention-completion";
import { TypingDocument } from "./operations.generated";
import { plainText } from "./prose-text";
import { Recorder } from "./recorder";
import "./composer.css";

/** Milliseconds between two notices that the viewer is typing. */
const TYPING = 3000;

type Address = Outgoing extends infer One ? (One extends Outgoing ? Omit<One, "content" | "afterNumber" | "replyTo"> : never) : never;

interface Props {
  conversation: Conversation;
  community: Community | undefined;
  /** The number of the newest message that is known. */
  newest: number;
  /** Edits one's last message: the arrow key up in an empty field. */
  onEditLast: () => void;
}

/** The composer. It is never disabled: a sent message goes into the outbox, and the field is cleared at once. */
export function Composer({ conversation, community, newest, onEditLast }: Props) {
  const t = useText("room");
  const { run, outbox, drafts } = usePlaza();
  const [notice, setNotice] = useState<string | null>(null);
  const [listingId, setListingId] = useState("");
  const [isAloud, setAloud] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const typedAt = useRef(0);
  const { id, kind } = conversation;
  const { text, replyTo } = useDraft(id);
  const agents = kind === "ROOM" ? (community?.agents ?? []).filter(({ agentListing: listing }) => listing.status === "ACTIVE") : [];
  const isAsking = agents.some(({ agentListing: listing }) => listing.id === listingId);
  const lounge = kind === "LOUNGE" ? community : undefined;
  const setText = (text: string) => drafts.set(id, { text });
  const completion = useCompletion(field, agents.map(({ agentListing: listing }) => listing.agentName), text, setText);

  useEffect(() => {
    // After a message to reply to is chosen, the composer has the focus.
    if (replyTo) field.current?.focus();
  }, [replyTo]);
  useEffect(() => {
    // On a phone the keyboard would cover what was opened.
    if (matchMedia("(pointer: fine)").matches) field.current?.focus({ preventScroll: true });
  }, []);

  function submit(event?: SyntheticEvent) {
    event?.preventDefault();
    // The draft as it is now: keys may have come faster than the page was drawn.
    const { text: content, replyTo: answered } = drafts.of(id);
    if (!content.trim()) return;
    setNotice(null);
    typedAt.current = 0;
    const address = addressed();
    outbox.add(id, { ...address, content, replyTo: answered, afterNumber: newest });
    drafts.set(id, { text: "", replyTo: null });
    // A message that costs coins is confirmed each time.
    if (address.kind === "agent" && address.fee > 0) setListingId("");
    field.current?.focus();
  }

  /** To whom it is sent, and at which price. */
  function addressed(): Address {
    const fee = community?.agentCallFee ?? 0;
    if (lounge) return { kind: "lounge", loungeId: lounge.id, voice: isAloud ? null : false, fee };
    // An agent is asked without a quote: a reply goes to the room.
    if (isAsking && !drafts.of(id).replyTo) return { kind: "agent", listingId, fee };
    return { kind: "post" };
  }

  function change(typed: string) {
    setText(typed);
    if (Date.now() - typedAt.current < TYPING) return;
    typedAt.current = Date.now();
    run(TypingDocument, { id }).catch(() => {});
  }

  function press(event: KeyboardEvent) {
    if (completion.press(event)) return;
    const { key, shiftKey, keyCode, nativeEvent } = event;
    if (key === "Escape" && replyTo) drafts.set(id, { replyTo: null });
    if (key === "ArrowUp" && drafts.of(id).text === "" && !nativeEvent.isComposing) {
      event.preventDefault();
      onEditLast();
    }
    if (!sends({ key, shiftKey, keyCode, isComposing: nativeEvent.isComposing })) return;
    event.preventDefault();
    submit();
  }

  function insert(emoji: string) {
    const element = field.current;
    const typed = drafts.of(id).text;
    const at = element?.selectionStart ?? typed.length;
    setText(typed.slice(0, at) + emoji + typed.slice(element?.selectionEnd ?? at));
    setTimeout(() => {
      element?.focus();
      element?.setSelectionRange(at + emoji.length, at + emoji.length);
    });
  }

  const record = useCallback(
    (audio: Blob) => outbox.add(id, { kind: "voice", content: t("voiceMessage"), audio, afterNumber: newest }),
    [outbox, id, newest, t],
  );

  return (
    <form className="composer" onSubmit={submit}>
      {replyTo && (
        <p className="composer-reply">
          <span>{t("replyTo", { name: replyTo.agentName ?? replyTo.author?.name ?? t("deletedAccount") })}</span>
          <OneLine text={plainText(replyTo.content)} />
          <IconButton label={t("noReply")} icon={<X size={17} aria-hidden="true" />} onClick={() => drafts.set(id, { replyTo: null })} />
        </p>
      )}
      {notice && (
        <p className="refusal" role="alert">
          {notice}
        </p>
      )}
      {agents.length > 0 && !replyTo && (
        <select
          className="composer-to"
          aria-label={t("sendTo")}
          value={isAsking ? listingId : ""}
          onChange={({ target }) => setListingId(target.value)}
        >
          <option value="">{t("toRoom")}</option>
          {agents.map(({ agentListing: listing }) => (
            <option key={listing.id} value={listing.id}>
              {t("toAgent", { name: listing.agentName })} ({community?.agentCallFee ? t("coins", { count: community.agentCallFee }) : t("free")})
            </option>
          ))}
        </select>
      )}
      <div className="composer-box">
        <Completion completion={completion} />
        <textarea
          ref={field}
          aria-label={t("message")}
          placeholder={lounge ? t("messageTo", { name: lounge.name }) : t("message")}
          value={text}
          onChange={({ target }) => change(target.value)}
          onKeyDown={press}
          onSelect={completion.look}
          onBlur={completion.close}
          rows={1}
          dir="auto"
          enterKeyHint="send"
          {...completion.field}
        />
        <EmojiButton label={t("insertEmoji")} icon={<Smile size={20} aria-hidden="true" />} onEmoji={insert} onClosed={() => field.current?.focus()} />
        {lounge && (
          <IconButton
            aria-pressed={isAloud}
            label={t("aloud")}
            icon={isAloud ? <Volume2 size={20} aria-hidden="true" /> : <VolumeX size={20} aria-hidden="true" />}
            onClick={() => setAloud(!isAloud)}
          />
        )}
        {conversation.canSendVoice && <Recorder onRefused={setNotice} onRecorded={record} />}
        <button type="submit" className="button button-primary composer-send" aria-label={isAsking && !replyTo ? t("ask") : t("send")} disabled={!text.trim()}>
          <SendHorizontal size={19} aria-hidden="true" />
        </button>
      </div>
    </form>
  );
}
