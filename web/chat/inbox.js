import { useCallback, useState } from "react";
import { operations } from "plaza:operations";
import { useSubscription } from "./plaza.jsx";

/** The viewer's conversations, the last changed first; undefined until they are known. */
export function useInbox() {
  const [conversations, setConversations] = useState();
  const heard = useCallback(({ inbox }) => setConversations((known) => withChange(known, inbox)), []);
  useSubscription(operations.inbox, {}, heard);
  return conversations;
}

function withChange(known, { whole, gone, conversations }) {
  if (whole || !known) return conversations;
  const changed = new Set([...gone, ...conversations.map(({ id }) => id)]);
  const all = [...conversations, ...known.filter(({ id }) => !changed.has(id))];
  return all.sort((a, b) => b.updatedAt.localeCompare(a.updatedAt));
}
