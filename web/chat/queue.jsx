import { useCallback, useState } from "react";
import { operations } from "plaza:operations";
import { Avatar } from "./avatar.jsx";
import { toConversation } from "./model/routes.js";
import { go } from "./place.js";
import { useDeed, usePlaza, useSubscription } from "./plaza.jsx";
import { When } from "./when.jsx";

const STATUS = {
  AI_ACTIVE: "The agent answers",
  WAITING_HUMAN: "Waits for a person",
  HUMAN_ACTIVE: "Served",
  RESOLVED: "Solved",
};

/** The customers of an official account, those who wait the longest first. */
export function Queue({ id }) {
  const [chats, setChats] = useState();
  const [ended, setEnded] = useState(null);
  const heard = useCallback(({ supportQueue }) => setChats((known) => withChange(known, supportQueue)), []);
  useSubscription(operations.queue, { id }, heard, setEnded);
  return (
    <section className="discover">
      <a className="back" href="#/" aria-label="All conversations">
        ‹
      </a>
      <h1>Customers</h1>
      {ended && <p className="refusal">{ended.message}</p>}
      {chats?.length === 0 && <p className="hint">No customers are waiting.</p>}
      <ul className="cards">
        {chats?.map((chat) => (
          <Customer key={chat.id} chat={chat} />
        ))}
      </ul>
    </section>
  );
}

function withChange(known = [], { whole, gone, order, chats }) {
  const byId = new Map((whole ? [] : known).map((chat) => [chat.id, chat]));
  gone.forEach((id) => byId.delete(id));
  chats.forEach((chat) => byId.set(chat.id, chat));
  return order.map((id) => byId.get(id)).filter(Boolean);
}

function Customer({ chat }) {
  const { run } = usePlaza();
  const { isBusy, refusal, attempt } = useDeed();
  const { conversationId: id, communityId, customer, status, assignee, waitingSince, lateSince } = chat;
  const serve = () =>
    attempt(async () => {
      await run(operations.accept, { communityId, id });
      go(toConversation(id));
    });
  return (
    <li className="card">
      <Avatar name={customer.name} />
      <a className="card-text" href={toConversation(id)}>
        <span className="card-title">
          {customer.name}
          {lateSince && <span className="tag tag-late">Late</span>}
        </span>
        <span className="card-facts">
          {STATUS[status]}
          {assignee && ` by ${assignee.name}`} {waitingSince && <When at={waitingSince} />}
        </span>
        {refusal && <span className="refusal">{refusal}</span>}
      </a>
      {status === "WAITING_HUMAN" && (
        <button type="button" className="button button-small button-primary" onClick={serve} disabled={isBusy}>
          Serve
        </button>
      )}
    </li>
  );
}
