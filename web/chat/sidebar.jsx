import { useEffect } from "react";
import { Avatar } from "./avatar.jsx";
import { useInbox } from "./inbox.js";
import { COMMUNITIES, toConversation, toQueue } from "./model/routes.js";
import { usePlaza, useQueued } from "./plaza.jsx";
import { When } from "./when.jsx";

const SERVING = new Set(["CREATOR", "MODERATOR", "CS_AGENT"]);

export function Sidebar({ open }) {
  const { me } = usePlaza();
  const conversations = useInbox();
  useTitle(conversations?.reduce((sum, { id, unreadCount }) => sum + (id === open ? 0 : unreadCount), 0) ?? 0);
  return (
    <nav className="sidebar" aria-label="Conversations">
      <div className="sidebar-top">
        <a className="button" href={COMMUNITIES}>
          Find communities
        </a>
        {me && (
          <span className="coins" title="What is in your wallet">
            {me.wallet.balance} coins
          </span>
        )}
      </div>
      <Desks memberships={me?.memberships.nodes ?? []} open={open} />
      <ul className="inbox">
        {conversations?.map((conversation) => (
          <Row key={conversation.id} conversation={conversation} isOpen={conversation.id === open} />
        ))}
      </ul>
      {conversations?.length === 0 && <p className="hint">You have no conversations yet. Join a community, and its room is listed here.</p>}
    </nav>
  );
}

/** The queues of the official accounts that one serves. */
function Desks({ memberships, open }) {
  const desks = memberships.filter(({ role, community }) => community.kind === "OFFICIAL" && SERVING.has(role));
  if (desks.length === 0) return null;
  return (
    <ul className="inbox">
      {desks.map(({ community }) => (
        <li key={community.id}>
          <a className="row" href={toQueue(community.id)} aria-current={community.id === open ? "page" : undefined}>
            <Avatar name={community.name} />
            <span className="row-text">
              <span className="row-title">{community.name}</span>
              <span className="row-last">Customers’ queue</span>
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function Row({ conversation, isOpen }) {
  const { user } = usePlaza();
  const { id, unreadCount, lastMessage, updatedAt } = conversation;
  const { title, kind } = called(conversation, user);
  const who = lastMessage?.agentName ?? lastMessage?.author?.name;
  const unread = isOpen ? 0 : unreadCount;
  const refused = useQueued(id).filter(({ status }) => status === "failed").length;
  return (
    <li>
      <a className="row" href={toConversation(id)} aria-current={isOpen ? "page" : undefined}>
        <Avatar name={title} />
        <span className="row-text">
          <span className="row-title">
            {kind && <span className="row-kind">{kind} · </span>}
            {title}
          </span>
          {refused > 0 ? (
            <span className="row-last refusal">{refused === 1 ? "A message was not sent" : `${refused} messages were not sent`}</span>
          ) : (
            <span className="row-last">{lastMessage && `${who ? `${who}: ` : ""}${lastMessage.content}`}</span>
          )}
        </span>
        <span className="row-side">
          <When at={updatedAt} />
          {unread > 0 && (
            <span className="badge" aria-label={`${unread} unread`}>
              {unread > 99 ? "99+" : unread}
            </span>
          )}
        </span>
      </a>
    </li>
  );
}

/** What a conversation is called in the list: its customer, to a team; and what it is, where a room has the same name. */
function called({ type, title, support }, user) {
  if (support && support.customer.id !== user.id) return { title: support.customer.name, kind: "customer" };
  return { title, kind: { SUPPORT: "support", LOUNGE: "talk" }[type] };
}

/** Says in the page's title how many messages are unread. */
function useTitle(unread) {
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) Plaza chat` : "Plaza chat";
  }, [unread]);
}
