import { useSyncExternalStore } from "react";

/** Where one is in the page: `#/c/ID` a conversation, `#/community/ID`, `#/queue/ID`, else all communities. */
export function usePlace() {
  const hash = useSyncExternalStore(
    (changed) => {
      addEventListener("hashchange", changed);
      return () => removeEventListener("hashchange", changed);
    },
    () => location.hash,
  );
  const [, room = "", id = ""] = hash.split("/");
  return { room, id: decodeURIComponent(id) };
}

export const toConversation = (id) => `#/c/${encodeURIComponent(id)}`;
export const toCommunity = (id) => `#/community/${encodeURIComponent(id)}`;
export const toQueue = (id) => `#/queue/${encodeURIComponent(id)}`;

export function go(hash) {
  location.hash = hash;
}
