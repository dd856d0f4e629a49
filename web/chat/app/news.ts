import { useEffect, useRef } from "react";
import { useText } from "../../i18n";
import type { Listed } from "./inbox";
import { notify } from "./notifications";
import { toConversation } from "./routes";

/** Tells of what is said in the viewer's conversations while the page is not looked at. */
export function useNews(conversations: Listed[] | undefined): void {
  const t = useText("nav");
  const known = useRef<Map<string, number> | null>(null);
  useEffect(() => {
    if (!conversations) return;
    const before = known.current;
    known.current = new Map(conversations.map(({ id, unreadCount }) => [id, unreadCount]));
    if (!before) return;
    for (const { id, title, unreadCount, lastMessage } of conversations) {
      if (!lastMessage || unreadCount <= (before.get(id) ?? 0)) continue;
      const name = lastMessage.agentName ?? lastMessage.author?.name ?? "";
      notify(t("news", { name, room: title }), lastMessage.content.slice(0, 200), id, toConversation(id));
    }
  }, [conversations, t]);
}
