/** What a page knows of a conversation before it has heard anything. */
export const UNHEARD = {
  conversation: null,
  messages: [],
  hasEarlier: false,
  typing: [],
  presentCount: 0,
  ended: null,
  /** The position of the last event, for going on after it. */
  position: undefined,
  /** What is to be read again, because its changes may have been missed: `{ before, number, from }`, or null. */
  outdated: null,
};

/** As many messages as a snapshot, or a page of earlier ones, has at most. */
export const PAGE = 50;

/** What is known after something was heard, or done here. */
export function reduce(log, { type, ...heard }) {
  switch (type) {
    case "event":
      return { ...withEvent(log, heard.event), position: heard.event.position ?? log.position };
    case "messages":
      return { ...log, messages: merge(log.messages, heard.messages) };
    case "earlier":
      return { ...log, messages: merge(log.messages, heard.messages), hasEarlier: heard.messages.length >= PAGE };
    case "reread":
      return withReread(log, heard.messages);
    case "ended":
      return { ...log, ended: heard.refusal ?? { message: "This conversation is over.", code: null } };
    default:
      return log;
  }
}

function withEvent(log, event) {
  switch (event.__typename) {
    case "ConversationSnapshot":
      return withSnapshot(log, event);
    case "MessageEvent":
      return { ...log, messages: merge(log.messages, [event.message]) };
    case "SupportEvent":
      return { ...log, conversation: { ...log.conversation, support: event.support } };
    case "ConversationActivity":
      return { ...log, typing: event.typing, presentCount: event.presentCount };
    default:
      return log;
  }
}

/** A snapshot that is not the first one is merged: what was loaded stays, and is read again where it is older. */
function withSnapshot(log, { conversation, messages }) {
  const [oldestKnown, oldest] = [log.messages[0], messages[0]];
  const hasMore = messages.length >= PAGE;
  if (!oldestKnown || !oldest || !hasMore) {
    // It has everything there is.
    return { ...log, conversation, messages, hasEarlier: hasMore, ended: null, outdated: null };
  }
  const isLonger = oldestKnown.number < oldest.number;
  const kept = log.messages.filter(({ number }) => number < oldest.number);
  return {
    ...log,
    conversation,
    messages: merge(kept, messages),
    hasEarlier: isLonger ? log.hasEarlier : hasMore,
    ended: null,
    outdated: isLonger ? { before: oldest.createdAt, number: oldest.number, from: oldestKnown.number } : null,
  };
}

/** A page of what was outdated: it replaces what was known between its oldest message and where it was asked for. */
function withReread(log, page) {
  if (!log.outdated) return log;
  const { number, from } = log.outdated;
  const oldest = page[0];
  const isLast = page.length < PAGE || oldest.number <= from;
  const start = page.length < PAGE ? 0 : oldest.number;
  const kept = log.messages.filter((message) => message.number < start || message.number >= number);
  return {
    ...log,
    messages: merge(kept, page),
    hasEarlier: page.length >= PAGE && (log.hasEarlier || oldest.number < from),
    outdated: isLast ? null : { before: oldest.createdAt, number: oldest.number, from },
  };
}

/** Messages in order, each as it was heard last. */
function merge(known, heard) {
  const byNumber = new Map([...known, ...heard].map((message) => [message.number, message]));
  return [...byNumber.values()].sort((a, b) => a.number - b.number);
}

/** The questions whose answers are being given, and are not posted yet. */
export function openQuestions(messages) {
  const answered = new Set(messages.filter(({ agentListingId }) => agentListingId).map(({ replyToId }) => replyToId));
  return messages.filter(({ id, agentReply }) => agentReply?.status === "RUNNING" && !answered.has(id));
}

/** How many conversations are remembered. */
const MOST = 20;

/** The logs of conversations that were open before, so that coming back to one shows it at once, with a connection or without. */
export class Logs {
  #logs = new Map();

  /** The log of a conversation, as far as it is known. */
  of(id) {
    return this.#logs.get(id) ?? UNHEARD;
  }

  /** Remembers a log. One that has ended, or has no position to go on after, begins anew. */
  keep(id, log) {
    this.#logs.delete(id);
    if (log.ended || log.position === undefined) return;
    this.#logs.set(id, { ...log, typing: [], presentCount: 0 });
    if (this.#logs.size > MOST) this.#logs.delete(this.#logs.keys().next().value);
  }
}
