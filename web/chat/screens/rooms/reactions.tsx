import type { Operation } from "plaza-client";
import { type PointerEvent, useId, useRef, useState } from "react";
import { useText } from "../../../i18n";
import { listOf, numberOf } from "../../../i18n/format";
import { useToast } from "../../../ui/toast";
import { usePlaza } from "../../app/plaza";
import type { Message as Posted } from "../../model/log";
import { useDeeds } from "./deeds";
import { ReactDocument, ReactorsDocument, UnreactDocument } from "./operations.generated";

/** Milliseconds that a finger rests on a reaction before it shows who reacted, instead of reacting. */
const LONG_PRESS = 450;

/** Adds a reaction to a message, or removes it. */
export function useReacting(message: Posted) {
  const { run } = usePlaza();
  const { onChanged } = useDeeds();
  const toast = useToast();
  const change = async <Data extends Record<string, { message: Posted } | null>>(
    operation: Operation<Data, { id: string; emoji: string }>,
    emoji: string,
  ) => {
    try {
      const [changed] = Object.values(await run(operation, { id: message.id, emoji }));
      if (changed) onChanged(changed.message);
    } catch (error) {
      toast({ text: error instanceof Error ? error.message : String(error) });
    }
  };
  return (emoji: string) => {
    const has = message.reactions.some((reaction) => reaction.emoji === emoji && reaction.hasViewerReacted);
    void (has ? change(UnreactDocument, emoji) : change(ReactDocument, emoji));
  };
}

export function Reactions({ message, isActive }: { message: Posted; isActive: boolean }) {
  const react = useReacting(message);
  if (message.reactions.length === 0 || message.deletedAt) return null;
  return (
    <p className="reactions">
      {message.reactions.map((reaction) => (
        <ReactionButton key={reaction.emoji} messageId={message.id} reaction={reaction} tabIndex={isActive ? 0 : -1} onReact={react} />
      ))}
    </p>
  );
}

/** A reaction, which says who reacted while it is pointed at, has the focus, or a finger rests on it. */
function ReactionButton(props: { messageId: string; reaction: Posted["reactions"][number]; tabIndex: number; onReact: (emoji: string) => void }) {
  const { messageId, reaction, tabIndex, onReact } = props;
  const { emoji, count, hasViewerReacted } = reaction;
  const t = useText("room");
  const [isShown, setShown] = useState(false);
  const names = useNames(messageId, reaction);
  const id = useId();
  const press = useRef<{ timer?: number; wasLong: boolean }>({ wasLong: false });
  const show = () => {
    setShown(true);
    names.load();
  };
  const release = () => clearTimeout(press.current.timer);
  const down = ({ pointerType }: PointerEvent) => {
    press.current.wasLong = false;
    if (pointerType === "mouse") return;
    press.current.timer = window.setTimeout(() => {
      press.current.wasLong = true;
      show();
    }, LONG_PRESS);
  };
  const leave = () => {
    release();
    setShown(false);
  };
  return (
    <span className="reaction-place">
      <button
        type="button"
        className="reaction"
        tabIndex={tabIndex}
        aria-pressed={hasViewerReacted}
        aria-describedby={isShown ? id : undefined}
        onPointerEnter={({ pointerType }) => pointerType === "mouse" && show()}
        onPointerLeave={({ pointerType }) => pointerType === "mouse" && leave()}
        onPointerDown={down}
        onPointerUp={release}
        onPointerCancel={release}
        onContextMenu={(event) => press.current.wasLong && event.preventDefault()}
        onFocus={({ target }) => target.matches(":focus-visible") && show()}
        onBlur={leave}
        onKeyDown={({ key }) => key === "Escape" && setShown(false)}
        onClick={() => !press.current.wasLong && onReact(emoji)}
      >
        {emoji} <span>{numberOf(count)}</span>
      </button>
      {isShown && (
        <span className="reaction-names" role="tooltip" id={id}>
          {names.text && <strong>{names.text}</strong>}
          <span>{t(hasViewerReacted ? "reactedToo" : "reactToo", { emoji })}</span>
        </span>
      )}
    </span>
  );
}

/** The names of the users who reacted with an emoji, asked for when they are first needed and again when they have changed. */
function useNames(messageId: string, { emoji, count, hasViewerReacted }: Posted["reactions"][number]) {
  const t = useText("room");
  const { run } = usePlaza();
  const version = `${count} ${hasViewerReacted}`;
  const [known, setKnown] = useState<{ version: string; names: string[] }>();
  const load = () => {
    if (known?.version === version) return;
    run(ReactorsDocument, { id: messageId }).then(
      ({ node }) => {
        const reactions = node?.__typename === "Message" ? node.reactions : [];
        const users = reactions.find((reaction) => reaction.emoji === emoji)?.users ?? [];
        setKnown({ version, names: users.map(({ name }) => name) });
      },
      // The number is still there.
      () => {},
    );
  };
  const names = known?.names ?? [];
  const others = count - names.length;
  const list = listOf(others > 0 && names.length > 0 ? [...names, t("others", { count: others })] : names);
  return { text: names.length > 0 ? list : "", load };
}
