import { useCallback, useState } from "react";
import { operations } from "plaza:operations";
import { Desk } from "./desk.jsx";
import { useDeed, usePlaza, useSubscription } from "./plaza.jsx";

/** How a chat with an official account stands, and what can be done about it. */
export function SupportBar({ support, onCanned }) {
  const { user } = usePlaza();
  return support.customer.id === user.id ? (
    <CustomerBar support={support} />
  ) : (
    <TeamBar support={support} onCanned={onCanned} />
  );
}

function CustomerBar({ support }) {
  const { run } = usePlaza();
  const { isBusy, refusal, attempt } = useDeed();
  const { conversationId: id, communityId, status } = support;
  return (
    <div className="bar">
      <span role="status">{status === "WAITING_HUMAN" ? <Place id={id} /> : standing(support)}</span>
      {status === "AI_ACTIVE" && (
        <button
          type="button"
          className="button button-small"
          disabled={isBusy}
          onClick={() => attempt(() => run(operations.requestHuman, { id: communityId }))}
        >
          Talk to a person
        </button>
      )}
      {status !== "RESOLVED" && (
        <button
          type="button"
          className="button button-small"
          disabled={isBusy}
          onClick={() => attempt(() => run(operations.resolve, { communityId, id }))}
        >
          It is solved
        </button>
      )}
      {status === "RESOLVED" && <Rating key={support.currentEpisode.number} support={support} />}
      {refusal && <span className="refusal">{refusal}</span>}
    </div>
  );
}

function standing({ status, assignee }) {
  if (status === "AI_ACTIVE") return "An agent answers here.";
  if (status === "HUMAN_ACTIVE") return `${assignee?.name ?? "Somebody of the team"} is serving you.`;
  return "This was solved. Write again, and it goes on.";
}

/** The place of one who waits, as it changes. */
function Place({ id }) {
  const [position, setPosition] = useState(null);
  const heard = useCallback(({ supportPlace }) => setPosition(supportPlace.position), []);
  useSubscription(operations.place, { id }, heard);
  return position ? `You are number ${position} in the queue.` : "You are in the queue.";
}

const MARKS = [1, 2, 3, 4, 5];

function Rating({ support }) {
  const { run } = usePlaza();
  const { isBusy, refusal, attempt } = useDeed();
  const [given, setGiven] = useState(support.currentEpisode.rating);
  if (given) return <span>You gave {given} of 5. Thank you!</span>;
  return (
    <span className="rating" role="group" aria-label="How was it?">
      {MARKS.map((rating) => (
        <button
          key={rating}
          type="button"
          className="button button-small"
          disabled={isBusy}
          aria-label={`${rating} of 5`}
          onClick={() =>
            attempt(async () => {
              await run(operations.rate, { id: support.conversationId, rating });
              setGiven(rating);
            })
          }
        >
          {rating}
        </button>
      ))}
      {refusal && <span className="refusal">{refusal}</span>}
    </span>
  );
}

function TeamBar({ support, onCanned }) {
  const { run, user } = usePlaza();
  const { isBusy, refusal, attempt } = useDeed();
  const { conversationId: id, communityId, status, assignee, customer } = support;
  const act = (query, variables) => attempt(() => run(query, variables));
  const button = { type: "button", className: "button button-small", disabled: isBusy };
  const isMine = assignee?.id === user.id;
  return (
    <>
      <div className="bar">
        <span role="status">
          {customer.name}: {teamStanding(status, isMine ? "you" : assignee?.name)}
        </span>
        {status === "WAITING_HUMAN" && (
          <button {...button} onClick={() => act(operations.accept, { communityId, id })}>
            Serve
          </button>
        )}
        {isMine && status === "HUMAN_ACTIVE" && (
          <button {...button} onClick={() => act(operations.handBack, { id })}>
            Back to the queue
          </button>
        )}
        {isMine && status === "HUMAN_ACTIVE" && (
          <button {...button} onClick={() => act(operations.resolve, { communityId, id })}>
            Solved
          </button>
        )}
        {refusal && <span className="refusal">{refusal}</span>}
      </div>
      <Desk conversationId={id} communityId={communityId} onCanned={onCanned} />
    </>
  );
}

function teamStanding(status, who) {
  if (status === "AI_ACTIVE") return "the agent answers";
  if (status === "WAITING_HUMAN") return "waits for a person";
  if (status === "HUMAN_ACTIVE") return `served by ${who ?? "the team"}`;
  return "solved";
}
