import type { EventsSubscription, MessagePartsFragment } from "../screens/rooms/operations.generated";
import type { Refusal } from "plaza-client";

export type Message = MessagePartsFragment;
export type LogEvent = EventsSubscription["conversationEvents"];
type Snapshot = Extract<LogEvent, { __typename: "ConversationSnapshot" }>;
type Activity = Extract<LogEvent, { __typename: "ConversationActivity" }>;
export type Conversation = Snapshot["conversation"];

/** A part of a conversation without a gap, oldest first. */
export interface Stretch {
  messages: Message[];
  hasEarlier: boolean;
}

/** The page's state of a conversation. */
export interface Log extends Stretch {
  conversation: Conversation | null;
  /** An older part that was jumped to, with a gap between it and `messages`, or null. */
  past: Stretch | null;
  /** Whether what changed last was put before what is shown: the view then stays where it is. */
  isPrepended: boolean;
  typing: Activity["typing"];
  presentCount: number;
  ended: Pick<Refusal, "message" | "code"> | null;
  /** The position of the last event, for going on after it. */
  position: string | undefined;
  /** Parts to read again because changes of them may have been missed. */
  outdated: { before: string; number: number; from: number } | null;
}

/** The state of a conversation before the first event. */
export const UNHEARD: Log = {
  conversation: null,
  messages: [],
  hasEarlier: false,
  past: null,
  isPrepended: false,
  typing: [],
  presentCount: 0,
  ended: null,
  position: undefined,
  outdated: null,
};

/** Maximum number of messages in a snapshot or in a page of earlier messages. */
export const PAGE = 50;

export type Action =
  | { type: "event"; event: LogEvent }
  /** Messages that are known as they are now. */
  | { type: "messages"; messages: Message[] }
  /** A page before the oldest of what is shown. */
  | { type: "earlier"; messages: Message[] }
  /** A page after the newest of the past. */
  | { type: "later"; messages: Message[]; hasLater: boolean }
  /** A part that was jumped to. */
  | { type: "past"; messages: Message[]; hasEarlier: boolean; hasLater: boolean }
  /** Back to the newest. */
  | { type: "present" }
  | { type: "reread"; messages: Message[] }
  /** The viewer blocked an account. */
  | { type: "blocked"; userId: string }
  | { type: "ended"; refusal: Log["ended"] };

/** Returns the state after an event or a local action. */
export function reduce(log: Log, action: Action): Log {
  const changed = changedBy(log, action);
  const isPrepended = action.type === "earlier";
  return changed.isPrepended === isPrepended ? changed : { ...changed, isPrepended };
}

function changedBy(log: Log, action: Action): Log {
  switch (action.type) {
    case "event":
      return { ...withEvent(log, action.event), position: action.event.position ?? log.position };
    case "messages":
      return withMessages(log, action.messages);
    case "earlier":
      return withEarlier(log, action.messages);
    case "later":
      return log.past ? joined(log, { ...log.past, messages: merge(log.past.messages, action.messages) }, action.hasLater) : log;
    case "past":
      return joined(log, { messages: action.messages, hasEarlier: action.hasEarlier }, action.hasLater);
    case "present":
      return { ...log, past: null };
    case "reread":
      return withReread(log, action.messages);
    case "blocked":
      return withBlocked(log, action.userId);
    case "ended":
      return { ...log, ended: action.refusal ?? { message: "This conversation is over.", code: undefined } };
  }
}

/** Returns the shown messages: the earlier part that was jumped to, or the newest part. */
export const shown = (log: Log): Stretch => log.past ?? log;

function withEvent(log: Log, event: LogEvent): Log {
  switch (event.__typename) {
    case "ConversationSnapshot":
      return withSnapshot(log, event);
    case "MessageEvent":
      return withMessages(log, [event.message]);
    case "SupportEvent":
      return log.conversation ? { ...log, conversation: { ...log.conversation, support: event.support } } : log;
    case "ConversationActivity":
      return { ...log, typing: event.typing, presentCount: event.presentCount };
    default:
      return log;
  }
}

/** Takes in messages where they belong: what is older than the newest part is known only if it was loaded. */
function withMessages(log: Log, heard: Message[]): Log {
  const oldest = log.messages[0]?.number ?? 0;
  const messages = merge(log.messages, heard.filter(({ number }) => number >= oldest));
  if (!log.past) return { ...log, messages };
  const { messages: known } = log.past;
  const [first, last] = [known[0]?.number ?? 0, known.at(-1)?.number ?? 0];
  const inside = heard.filter(({ number }) => number >= first && number <= last);
  return { ...log, messages, past: { ...log.past, messages: merge(known, inside) } };
}

/** Marks what an account wrote as that of a blocked one. */
function withBlocked(log: Log, userId: string): Log {
  const marked = (messages: Message[]) =>
    messages.map((message) => (message.authorId === userId ? { ...message, isFromBlocked: true } : message));
  return { ...log, messages: marked(log.messages), past: log.past && { ...log.past, messages: marked(log.past.messages) } };
}

/** A page before what is shown: the past, or the newest part. */
function withEarlier(log: Log, page: Message[]): Log {
  const hasEarlier = page.length >= PAGE;
  if (log.past) return { ...log, past: { messages: merge(log.past.messages, page), hasEarlier } };
  return { ...log, messages: merge(log.messages, page), hasEarlier };
}

/** Shows an older part. Where it reaches the newest part, the two are one. */
function joined(log: Log, past: Stretch, hasLater: boolean): Log {
  const oldest = log.messages[0]?.number ?? Infinity;
  const newest = past.messages.at(-1)?.number ?? 0;
  if (hasLater && newest + 1 < oldest) return { ...log, past };
  const isOlder = (past.messages[0]?.number ?? Infinity) < oldest;
  return {
    ...log,
    messages: merge(past.messages, log.messages),
    hasEarlier: isOlder ? past.hasEarlier : log.hasEarlier,
    past: null,
  };
}

/** A snapshot that is not the first one is merged: what was loaded stays, and is read again where it is older. */
function withSnapshot(log: Log, { conversation, messages: heard }: Snapshot): Log {
  const messages = heard ?? [];
  const [oldestKnown, oldest] = [log.messages[0], messages[0]];
  const hasMore = messages.length >= PAGE;
  if (!oldestKnown || !oldest || !hasMore) {
    // It has everything there is.
    return { ...log, conversation, messages, hasEarlier: hasMore, past: null, ended: null, outdated: null };
  }
  const isLonger = oldestKnown.number < oldest.number;
  const kept = log.messages.filter(({ number }) => number < oldest.number);
  return {
    ...log,
    conversation,
    messages: merge(kept, messages),
    hasEarlier: isLonger ? log.hasEarlier : hasMore,
    // It can be jumped to again; what changed in it was missed.
    past: null,
    ended: null,
    outdated: isLonger ? { before: oldest.createdAt, number: oldest.number, from: oldestKnown.number } : null,
  };
}

/** A page of what was outdated: it replaces what was known between its oldest message and where it was asked for. */
function withReread(log: Log, page: Message[]): Log {
  if (!log.outdated) return log;
  const { number, from } = log.outdated;
  const oldest = page[0];
  const isFull = page.length >= PAGE && oldest !== undefined;
  const isLast = !isFull || oldest.number <= from;
  const start = isFull ? oldest.number : 0;
  const kept = log.messages.filter((message) => message.number < start || message.number >= number);
  return {
    ...log,
    messages: merge(kept, page),
    hasEarlier: isFull && (log.hasEarlier || oldest.number < from),
    outdated: isLast ? null : { before: oldest.createdAt, number: oldest.number, from },
  };
}

/** Messages in order, each as it was heard last. Both lists are in order; what is heard is mostly one message at the end. */
export function merge(known: Message[], heard: Message[]): Message[] {
  if (heard.length === 0) return known;
  const merged = known.slice();
  for (const message of heard) {
    const index = indexOf(merged, message.number);
    const isKnown = merged[index]?.number === message.number;
    merged.splice(index, isKnown ? 1 : 0, message);
  }
  return merged;
}

/** Returns the index at which a message with this number is, or would be inserted, in sorted messages. */
export function indexOf(messages: readonly { number: number }[], number: number): number {
  let [low, high] = [0, messages.length];
  if (high > 0 && (messages[high - 1]?.number ?? 0) < number) return high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((messages[middle]?.number ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The questions whose answers are being given, and are not posted yet. */
export function openQuestions(messages: readonly Message[]): Message[] {
  const open = messages.filter(({ agentReply }) => agentReply?.status === "RUNNING");
  if (open.length === 0) return NONE;
  const answered = new Set(messages.filter(({ agentListingId }) => agentListingId).map(({ replyToId }) => replyToId));
  return open.filter(({ id }) => !answered.has(id));
}

const NONE: Message[] = [];

/** Maximum number of cached conversations. */
const MOST = 20;

/** The logs of conversations that were open before, so that coming back to one shows it at once, with a connection or without. */
export class Logs {
  #logs = new Map<string, Log>();

  /** The log of a conversation, as far as it is known. */
  of(id: string): Log {
    return this.#logs.get(id) ?? UNHEARD;
  }

  /** Forgets all logs: what is known of them is no longer so. */
  clear(): void {
    this.#logs.clear();
  }

  /** Remembers a log. One that has ended, or has no position to go on after, begins anew. */
  keep(id: string, log: Log): void {
    this.#logs.delete(id);
    if (log.ended || log.position === undefined) return;
    this.#logs.set(id, { ...log, past: null, typing: [], presentCount: 0 });
    const oldest = this.#logs.keys().next();
    if (this.#logs.size > MOST && !oldest.done) this.#logs.delete(oldest.value);
  }
}
