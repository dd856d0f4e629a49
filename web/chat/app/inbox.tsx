import { createContext, type ReactNode, use, useCallback, useState } from "react";
import { InboxDocument, type InboxSubscription } from "./operations.generated";
import { useSubscription } from "./plaza";

type Event = InboxSubscription["inbox"];
export type Listed = Event["conversations"][number];

const Inbox = createContext<Listed[] | undefined>(undefined);

/** The viewer's conversations, the last changed first; undefined until they are known. */
export const useInbox = (): Listed[] | undefined => use(Inbox);

export function InboxProvider({ children }: { children: ReactNode }) {
  const [conversations, setConversations] = useState<Listed[]>();
  const next = useCallback(({ inbox }: InboxSubscription) => setConversations((known) => withChange(known, inbox)), []);
  useSubscription(InboxDocument, {}, { next });
  return <Inbox value={conversations}>{children}</Inbox>;
}

function withChange(known: Listed[] | undefined, { isSnapshot, removedIds, conversations }: Event): Listed[] {
  if (isSnapshot || !known) return conversations;
  const changed = new Set([...removedIds, ...conversations.map(({ id }) => id)]);
  const all = [...conversations, ...known.filter(({ id }) => !changed.has(id))];
  return all.sort((a, b) => b.updatedAt.localeCompare(a.updatedAt));
}
