import { Ban, Copy, CornerUpLeft, Ellipsis, Flag, Link, Pencil, RotateCcw, SmilePlus, Trash2 } from "lucide-react";
import { type KeyboardEvent, memo, useEffect, useRef, useState } from "react";
import { useText } from "../../../i18n";
import { longDay } from "../../../i18n/format";
import { Avatar } from "../../../ui/avatar";
import { Button, IconButton } from "../../../ui/button";
import { Menu, MenuItem, MenuSeparator } from "../../../ui/menu";
import { Tag } from "../../../ui/tag";
import { useToast } from "../../../ui/toast";
import { When } from "../../../ui/when";
import { useDeed, usePlaza } from "../../app/plaza";
import { toConversation } from "../../app/routes";
import type { Message as Posted } from "../../model/log";
import { focusComposer } from "./composer-focus";
import { useDeeds } from "./deeds";
import { Editor } from "./editor";
import { EmojiButton } from "./emoji";
import { EditDocument } from "./operations.generated";
import { Prose } from "./prose";
import { Quote } from "./quote";
import { Reactions, useReacting } from "./reactions";
import "./message.css";

/** Milliseconds within which messages of the same speaker are one block. */
const GAP = 5 * 60 * 1000;

interface Props {
  message: Posted;
  /** The message before it, if that is loaded. */
  before: Posted | undefined;
  /** Whether the unread ones begin here. */
  isUnread: boolean;
  /** Why an agent that it calls was not asked. */
  notice: string | undefined;
  /** Whether Tab reaches it. */
  isActive: boolean;
  /** Whether it was jumped to just now. */
  isStandingOut: boolean;
  onFocus: (id: string) => void;
}

/** A message, with the day above it where one begins. */
export const Message = memo(function Message({ message, before, isUnread, notice, isActive, isStandingOut, onFocus }: Props) {
  const t = useText("room");
  const { user } = usePlaza();
  const { editing, setEditing } = useDeeds();
  const [isNear, setNear] = useState(false);
  const isEditing = editing === message.id;
  const day = new Date(message.createdAt);
  const isNewDay = !before || new Date(before.createdAt).toDateString() !== day.toDateString();
  const isFollowing = !isNewDay && !isUnread && follows(message, before);
  const isOwn = message.authorId === user.userId;
  const name = message.agentName ?? message.author?.name ?? t("deletedAccount");
  const hasTools = !message.deletedAt && !isEditing && message.kind !== "SYSTEM";

  const press = (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget || !isOwn || message.deletedAt) return;
    if (event.key !== "e" || event.metaKey || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    setEditing(message.id);
  };
  const frame = {
    "data-id": message.id,
    tabIndex: isActive ? 0 : -1,
    onFocus: () => {
      onFocus(message.id);
      setNear(true);
    },
    onPointerEnter: () => setNear(true),
    onPointerLeave: () => setNear(false),
    onKeyDown: press,
  };
  return (
    <>
      {isNewDay && (
        <p className="day">
          <time dateTime={message.createdAt.slice(0, 10)}>{longDay(day)}</time>
        </p>
      )}
      {isUnread && (
        <p className="unread-line">
          <span>{t("unreadLine")}</span>
        </p>
      )}
      {message.kind === "SYSTEM" ? (
        <article className="message message-system" {...frame}>
          <Prose text={message.content} /> <When at={message.createdAt} isTime />
        </article>
      ) : (
        <article
          className="message"
          data-own={isOwn}
          data-following={isFollowing}
          data-standing-out={isStandingOut}
          {...frame}
        >
          {isFollowing ? (
            <span className="message-time">
              <When at={message.createdAt} isTime />
            </span>
          ) : (
            <Avatar name={name} image={message.author?.image} />
          )}
          <div className="message-body">
            <p className={isFollowing ? "visually-hidden" : "message-head"}>
              <bdi className="message-name">{name}</bdi>
              {message.agentListingId && <Tag>{t("agent")}</Tag>}
              {!isFollowing && <When at={message.createdAt} isTime />}
            </p>
            {message.replyTo && !message.agentListingId && <Quote quoted={message.replyTo} />}
            <Content message={message} isEditing={isEditing} />
            {notice && (
              <p className="refusal" role="alert">
                {notice}
              </p>
            )}
            <Reactions message={message} isActive={isActive} />
          </div>
          {hasTools && (isNear || isActive) && <Tools message={message} isOwn={isOwn} isActive={isActive} />}
        </article>
      )}
    </>
  );
});

/** Whether a message is the next of the same speaker, soon after. */
function follows(message: Posted, before: Posted | undefined): boolean {
  return (
    before?.kind === "TEXT" &&
    message.kind === "TEXT" &&
    !message.replyTo &&
    before.authorId === message.authorId &&
    before.agentListingId === message.agentListingId &&
    Date.parse(message.createdAt) - Date.parse(before.createdAt) < GAP
  );
}

function Content({ message, isEditing }: { message: Posted; isEditing: boolean }) {
  const t = useText("room");
  const { run } = usePlaza();
  const { onChanged, setEditing, playsAfter } = useDeeds();
  const isAnswer = message.agentListingId !== null;
  const [isUncovered, setUncovered] = useState(false);
  const { refusal, attempt } = useDeed();
  if (message.deletedAt) return <p className="message-gone">{t("gone")}</p>;
  if (message.isFromBlocked && !isUncovered) {
    return (
      <Button look="quiet" isSmall onClick={() => setUncovered(true)}>
        {t("blocked")}
      </Button>
    );
  }
  if (isEditing) {
    const close = () => {
      setEditing(null);
      focusComposer();
    };
    const save = async (content: string) => {
      if (content.trim() === "" || content === message.content) {
        close();
        return;
      }
      const isSaved = await attempt(async () => {
        const { editMessage } = await run(EditDocument, { id: message.id, content });
        if (editMessage) onChanged(editMessage.message);
      });
      if (isSaved) close();
    };
    return (
      <>
        <Editor content={message.content} action={t("save")} onCancel={close} onSave={(text) => void save(text)} />
        {refusal && (
          <p className="refusal" role="alert">
            {refusal}
          </p>
        )}
      </>
    );
  }
  return (
    <>
      <Prose text={message.content} called={message.agentReply?.agentListing?.agentName} />
      {message.isIncomplete && <p className="message-note">{t("incomplete")}</p>}
      {message.editedAt && <span className="message-note">{t("edited")}</span>}
      {message.ttsAudioUrl && (
        <Sound address={message.ttsAudioUrl} isNew={playsAfter !== null && isAnswer && message.number > playsAfter} />
      )}
    </>
  );
}

/** The recordings that have played by themselves: each does so once. */
const played = new Set<string>();

/** The audio of a message. A new answer plays automatically if the browser allows it. */
function Sound({ address, isNew }: { address: string; isNew: boolean }) {
  const audio = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    if (!isNew || played.has(address)) return;
    played.add(address);
    // A browser that refuses leaves it to the button.
    audio.current?.play().catch(() => {});
  }, [address, isNew]);
  // eslint-disable-next-line jsx-a11y/media-has-caption -- the message text above the player is the transcript
  return <audio ref={audio} controls preload="none" src={address} />;
}

/** The emoji that are one press away. */
const QUICK = ["👍", "❤️", "😂"];

function Tools({ message, isOwn, isActive }: { message: Posted; isOwn: boolean; isActive: boolean }) {
  const t = useText("room");
  const toast = useToast();
  const { conversationId, isModerator, onReply, onDelete, onAskAgain, onReport, onBlock, setEditing } = useDeeds();
  const react = useReacting(message);
  const tabIndex = isActive ? 0 : -1;
  const copy = (text: string, done: string) => {
    navigator.clipboard.writeText(text).then(
      () => toast({ text: done }),
      () => toast({ text: t("notCopied") }),
    );
  };
  const link = () => `${location.origin}${location.pathname}${toConversation(conversationId, message.cursor)}`;
  const isAnswer = message.agentListingId !== null;
  const icon = { size: 17, "aria-hidden": true } as const;
  return (
    <div className="message-tools">
      {QUICK.map((emoji) => (
        <button
          key={emoji}
          type="button"
          className="icon-button quick-emoji"
          tabIndex={tabIndex}
          title={t("reactWith", { emoji })}
          aria-label={t("reactWith", { emoji })}
          onClick={() => react(emoji)}
        >
          {emoji}
        </button>
      ))}
      <EmojiButton label={t("reactMore")} icon={<SmilePlus {...icon} />} tabIndex={tabIndex} onEmoji={react} />
      <IconButton label={t("reply")} icon={<CornerUpLeft {...icon} />} tabIndex={tabIndex} onClick={() => onReply(message)} />
      <Menu trigger={<IconButton label={t("more")} icon={<Ellipsis {...icon} />} tabIndex={tabIndex} />}>
        <MenuItem icon={<Copy {...icon} />} onSelect={() => copy(message.content, t("copied"))}>
          {t("copyText")}
        </MenuItem>
        {navigator.clipboard && (
          <MenuItem icon={<Link {...icon} />} onSelect={() => copy(link(), t("linkCopied"))}>
            {t("copyLink")}
          </MenuItem>
        )}
        {isAnswer && message.replyTo && (
          <MenuItem icon={<RotateCcw {...icon} />} onSelect={() => message.replyTo && onAskAgain(message.replyTo.content)}>
            {t("askAgain")}
          </MenuItem>
        )}
        {isOwn && (
          <MenuItem icon={<Pencil {...icon} />} onSelect={() => setTimeout(() => setEditing(message.id))}>
            {t("edit")}
          </MenuItem>
        )}
        {!isOwn && (
          <>
            <MenuSeparator />
            <MenuItem icon={<Flag {...icon} />} onSelect={() => onReport(message)}>
              {t("report")}
            </MenuItem>
            {message.author && !isAnswer && (
              <MenuItem icon={<Ban {...icon} />} onSelect={() => onBlock(message)}>
                {t("block")}
              </MenuItem>
            )}
          </>
        )}
        {(isOwn || isModerator) && (
          <>
            <MenuSeparator />
            <MenuItem icon={<Trash2 {...icon} />} isDangerous onSelect={() => onDelete(message)}>
              {t("delete")}
            </MenuItem>
          </>
        )}
      </Menu>
    </div>
  );
}
