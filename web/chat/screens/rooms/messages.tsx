import { ArrowDown } from "lucide-react";
import { type KeyboardEvent, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import { useText } from "../../../i18n";
import { timeOf } from "../../../i18n/format";
import { ErrorNotice } from "../../../ui/notices";
import { usePlaza } from "../../app/plaza";
import { indexOf, type Log, type Message as Posted, openQuestions, shown } from "../../model/log";
import type { Entry } from "../../model/outbox";
import { Answer } from "./answer";
import { Words } from "./highlight";
import type { Goal } from "./jump";
import { Message } from "./message";
import { Pending } from "./pending";
import { plainText } from "./prose-text";

/** Pixels from the end within which the list follows what is new. */
const NEAR = 80;
/** Pixels from an edge of what is loaded at which more is loaded. */
const AHEAD = 900;
/** Milliseconds for which a message that was jumped to stands out. */
const STANDING_OUT = 2400;
/** The events by which a reader scrolls. */
const MOVES = ["wheel", "touchmove", "pointerdown", "keydown"];

type Item =
  | { kind: "message"; message: Posted; before: Posted | undefined; isUnread: boolean }
  | { kind: "answer"; question: Posted }
  | { kind: "pending"; entry: Entry };

/** The viewer's read mark before the conversation was opened. */
export interface ReadBefore {
  /** The number of the last message that was read. */
  number: number;
  hasUnread: boolean;
}

interface Props {
  log: Log;
  pending: Entry[];
  /** The current price of a question. */
  price: number | undefined;
  /** Why agents that messages called were not asked, by the messages' ids. */
  notices: Record<string, string>;
  /** The ids of messages that are about to be deleted. */
  hidden: ReadonlySet<string>;
  /** Undefined until it is known. */
  read: ReadBefore | undefined;
  /** The words to mark. */
  words: string;
  onEarlier: () => Promise<void>;
  onLater: () => Promise<void>;
  onPresent: () => void;
  goal: Goal | null;
}

/** The messages of a conversation, of which only those in view are in the document. */
export function Messages({ log, pending, price, notices, hidden, read, words, onEarlier, onLater, onPresent, goal }: Props) {
  const t = useText("room");
  const { user } = usePlaza();
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const { messages, hasEarlier } = shown(log);
  const isPast = log.past !== null;
  const line = useUnreadLine(log, read?.number, user.userId);

  const items = useMemo(() => {
    const visible = hidden.size > 0 ? messages.filter(({ id }) => !hidden.has(id)) : messages;
    const all: Item[] = visible.map((message, index) => {
      const before = visible[index - 1];
      const isUnread = line !== null && message.number > line && (before?.number ?? 0) <= line;
      return { kind: "message", message, before, isUnread };
    });
    if (isPast) return all;
    for (const question of openQuestions(messages)) all.push({ kind: "answer", question });
    for (const entry of pending) all.push({ kind: "pending", entry });
    return all;
  }, [messages, hidden, pending, isPast, line]);
  const last = items.length - 1;

  // The end.
  const [isAtEnd, setAtEnd] = useState(true);
  const follows = useRef(true);
  /** Whether the view stays at the first unread message until the reader moves it. */
  const holds = useRef(false);
  const toEnd = useCallback(() => {
    const element = box.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, []);
  const unreadIndex = items.findIndex((item) => item.kind === "message" && item.isUnread);
  const toUnread = useCallback(
    () => list.current?.scrollToIndex(unreadIndex, { align: "start", offset: -60 }),
    [unreadIndex],
  );
  const newestPending = pending.at(-1)?.key;
  useLayoutEffect(() => {
    // After sending, scroll to the sent message.
    if (!newestPending) return;
    follows.current = true;
    holds.current = false;
  }, [newestPending]);
  useLayoutEffect(() => {
    if (follows.current && !isPast && last >= 0) list.current?.scrollToIndex(last, { align: "end" });
  }, [items, last, isPast]);
  useEffect(() => {
    // A growing message, such as an agent reply, keeps the list scrolled to its end.
    const content = box.current?.firstElementChild;
    if (!content) return undefined;
    const growth = new ResizeObserver(() => {
      if (follows.current) toEnd();
      // Messages above it that are measured late would move it.
      else if (holds.current && unreadIndex > 0) toUnread();
    });
    growth.observe(content);
    if (box.current) growth.observe(box.current);
    return () => growth.disconnect();
  }, [toEnd, toUnread, unreadIndex]);

  // More of it.
  const { isLoading, trouble, load } = useLoading();
  const wants = useCallback(() => {
    const handle = list.current;
    if (!handle) return;
    const below = handle.scrollSize - handle.scrollOffset - handle.viewportSize;
    if (handle.scrollOffset < AHEAD && hasEarlier) load(onEarlier);
    else if (below < AHEAD && isPast) load(onLater);
  }, [hasEarlier, isPast, onEarlier, onLater, load]);
  useEffect(wants, [wants, items]);
  const scrolled = useCallback(() => {
    const handle = list.current;
    if (!handle) return;
    const isNear = handle.scrollSize - handle.scrollOffset - handle.viewportSize < NEAR;
    follows.current = isNear && !isPast && !holds.current;
    setAtEnd(isNear);
    wants();
  }, [isPast, wants]);

  // A place in it.
  const [standing, setStanding] = useState<number | null>(null);
  const reached = useRef<Goal | null>(null);
  useLayoutEffect(() => {
    if (!goal || reached.current === goal) return;
    const index = items.findIndex((item) => item.kind === "message" && item.message.number === goal.number);
    if (index < 0) return;
    reached.current = goal;
    follows.current = false;
    list.current?.scrollToIndex(index, { align: "center" });
    requestAnimationFrame(() => setStanding(goal.number));
  }, [goal, items]);
  useEffect(() => {
    if (standing === null) return undefined;
    const timer = setTimeout(() => setStanding(null), STANDING_OUT);
    return () => clearTimeout(timer);
  }, [standing]);
  const isBegun = useRef(false);
  useLayoutEffect(() => {
    // It begins at the first unread message.
    if (isBegun.current || items.length === 0 || !read) return;
    // The cached messages of a room may not include the unread ones yet.
    isBegun.current = unreadIndex >= 0 || !read.hasUnread;
    if (unreadIndex <= 0) return;
    follows.current = false;
    holds.current = true;
    toUnread();
  }, [items, read, unreadIndex, toUnread]);

  useEffect(() => {
    const element = box.current;
    const release = () => (holds.current = false);
    for (const event of MOVES) element?.addEventListener(event, release, { passive: true });
    return () => MOVES.forEach((event) => element?.removeEventListener(event, release));
  }, []);

  // One message at a time can be reached by Tab, with what can be done to it; the arrow keys go to the others.
  const [chosen, setChosen] = useState<string | null>(null);
  const lastMessage = items.findLast((item) => item.kind === "message");
  const active = chosen ?? (lastMessage?.kind === "message" ? lastMessage.message.id : null);
  // The focus is not lost when its message is scrolled out of view.
  const kept = useMemo(() => {
    const index = chosen === null ? -1 : items.findIndex((item) => item.kind === "message" && item.message.id === chosen);
    return index < 0 ? [] : [index];
  }, [items, chosen]);
  const focus = useCallback((id: string) => {
    setChosen(id);
    const reach = (tries: number) => {
      const element = box.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`);
      if (element) element.focus({ preventScroll: true });
      else if (tries > 0) requestAnimationFrame(() => reach(tries - 1));
    };
    reach(10);
  }, []);
  const walk = (event: KeyboardEvent<HTMLElement>) => {
    const id = (event.target as HTMLElement).dataset.id;
    if (!id) return;
    if (event.key === "Escape") document.querySelector<HTMLElement>(".composer textarea")?.focus();
    const index = items.findIndex((item) => item.kind === "message" && item.message.id === id);
    const end = items.findLastIndex((item) => item.kind === "message");
    const next = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: end }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const target = Math.min(Math.max(next, 0), end);
    const item = items[target];
    if (item?.kind !== "message") return;
    follows.current = target === last;
    list.current?.scrollToIndex(target, { align: "nearest" });
    focus(item.message.id);
  };

  const newCount = useNewCount(log, isAtEnd && !isPast, user.userId);
  const down = () => {
    follows.current = true;
    holds.current = false;
    if (isPast) onPresent();
    else list.current?.scrollToIndex(last, { align: "end" });
  };
  return (
    <Words value={words}>
      <div className="messages-frame">
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it scrolls, and its keys move the focus */}
        <div className="messages" ref={box} role="log" aria-live="off" aria-label={t("messages")} aria-busy={isLoading} tabIndex={-1} onKeyDown={walk}>
          <Virtualizer ref={list} data={items} shift={log.isPrepended} onScroll={scrolled} as="ol" item="li" bufferSize={600} keepMounted={kept}>
            {(item) => {
              switch (item.kind) {
                case "message":
                  return (
                    <Message
                      key={item.message.id}
                      message={item.message}
                      before={item.before}
                      isUnread={item.isUnread}
                      notice={notices[item.message.id]}
                      isActive={item.message.id === active}
                      isStandingOut={item.message.number === standing}
                      onFocus={setChosen}
                    />
                  );
                case "answer":
                  return <Answer key={item.question.agentReply?.id} question={item.question} />;
                case "pending":
                  return <Pending key={item.entry.key} entry={item.entry} price={price} />;
              }
            }}
          </Virtualizer>
        </div>
        {trouble && (
          <div className="messages-trouble">
            <ErrorNotice message={trouble} onRetry={wants} />
          </div>
        )}
        {(!isAtEnd || isPast) && (
          <button type="button" className="to-end" onClick={down}>
            <ArrowDown size={18} aria-hidden="true" />
            <span className={newCount > 0 ? undefined : "visually-hidden"}>
              {newCount > 0 ? t("newMessages", { count: newCount }) : t("toNewest")}
            </span>
          </button>
        )}
        <Announcements messages={log.messages} userId={user.userId} />
      </div>
    </Words>
  );
}

/** Loads one page at a time. */
function useLoading() {
  const isBusy = useRef(false);
  const [isLoading, setLoading] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const load = useCallback((page: () => Promise<void>) => {
    if (isBusy.current) return;
    isBusy.current = true;
    setLoading(true);
    page()
      .then(
        () => setTrouble(null),
        (error: unknown) => setTrouble(error instanceof Error ? error.message : String(error)),
      )
      .finally(() => {
        isBusy.current = false;
        setLoading(false);
      });
  }, []);
  return { isLoading, trouble, load };
}

/**
 * The number of the message below which the unread ones begin, or null where there are none: what was read when the
 * conversation was opened, or when the page was last looked at. Who writes has read.
 */
function useUnreadLine(log: Log, readCount: number | undefined, userId: string): number | null {
  const newest = log.messages.at(-1);
  const [left, setLeft] = useState<number | null>(null);
  const number = useRef(0);
  useEffect(() => {
    number.current = newest?.number ?? 0;
  }, [newest]);
  useEffect(() => {
    const leave = () => {
      if (document.visibilityState === "hidden") setLeft(number.current);
    };
    document.addEventListener("visibilitychange", leave);
    return () => document.removeEventListener("visibilitychange", leave);
  }, []);
  const line = left ?? readCount ?? null;
  if (line === null || !newest || newest.number <= line) return null;
  const unread = log.messages.slice(indexOf(log.messages, line + 1));
  return unread.some(({ authorId }) => authorId === userId) ? null : line;
}

/** Number of others' messages since the end was last in view. */
function useNewCount(log: Log, isAtEnd: boolean, userId: string): number {
  const newest = log.messages.at(-1)?.number ?? 0;
  const [seen, setSeen] = useState(newest);
  if (isAtEnd && seen !== newest) setSeen(newest);
  if (isAtEnd) return 0;
  return log.messages.slice(indexOf(log.messages, seen + 1)).filter(({ authorId }) => authorId !== userId).length;
}

/** Tells screen readers of new messages, politely. The list itself would tell of each message that is scrolled into view. */
function Announcements({ messages, userId }: { messages: Posted[]; userId: string }) {
  const t = useText("room");
  const newest = messages.at(-1);
  const [first] = useState(newest?.number ?? 0);
  const isNews = newest && newest.number > first && newest.authorId !== userId && !newest.deletedAt;
  return (
    <div className="visually-hidden" aria-live="polite" aria-relevant="additions text">
      {isNews &&
        t("announcement", {
          name: newest.agentName ?? newest.author?.name ?? t("system"),
          time: timeOf(new Date(newest.createdAt)),
          text: plainText(newest.content),
        })}
    </div>
  );
}
