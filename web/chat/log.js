/** What a page knows of a conversation before it has heard anything. */
export const UNHEARD = { conversation: null, messages: [], hasEarlier: false, typing: [], presentCount: 0, ended: null };

/** As many messages as a snapshot, or a page of earlier ones, has at most. */
const PAGE = 50;

/** What is known after something was heard, or done here. */
export function reduce(log, { type, ...heard }) {
  switch (type) {
    case "event":
      return withEvent(log, heard.event);
    case "messages":
      return { ...log, messages: merge(log.messages, heard.messages) };
    case "earlier":
      return { ...log, messages: merge(log.messages, heard.messages), hasEarlier: heard.messages.length >= PAGE };
    case "ended":
      return { ...log, ended: heard.refusal ?? { message: "This conversation is over." } };
    default:
      return log;
  }
}

function withEvent(log, event) {
  switch (event.__typename) {
    case "ConversationSnapshot": {
      const { conversation, messages } = event;
      return { ...UNHEARD, conversation, messages, hasEarlier: messages.length >= PAGE };
    }
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
