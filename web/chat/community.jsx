import { operations } from "plaza:operations";
import { Avatar } from "./avatar.jsx";
import { coins, fees } from "./coins.js";
import { useCommunity } from "./community.js";
import { go, toConversation, toQueue } from "./place.js";
import { useDeed, usePlaza } from "./plaza.jsx";

const KIND = { CLUB: "Club", OFFICIAL: "Official account", LOUNGE: "Lounge" };
const SERVING = new Set(["CREATOR", "MODERATOR", "CS_AGENT"]);

/** What a community is, and the ways into it. */
export function CommunityPage({ id }) {
  const [community, refresh] = useCommunity(id);
  if (community === undefined) return <p className="hint">Opening…</p>;
  if (community === null) return <p className="hint">There is no such community.</p>;
  const agents = community.agents.filter(({ listing }) => listing.status === "ACTIVE");
  return (
    <section className="community">
      <a className="back" href="#/" aria-label="All communities">
        ‹
      </a>
      <header className="community-head">
        <Avatar name={community.name} />
        <div>
          <h1>{community.name}</h1>
          <p className="card-facts">
            {KIND[community.kind]}
            {community.verified && <span className="tag">Verified</span>} · {community.memberCount} members · by{" "}
            {community.creator.name}
          </p>
        </div>
      </header>
      <p className="community-about">{community.description}</p>
      <Ways community={community} onChanged={refresh} />
      {agents.length > 0 && (
        <>
          <h2>Agents</h2>
          <ul className="agents">
            {agents.map(({ listing }) => (
              <li key={listing.id}>
                <strong>{listing.agentName}</strong> <span>{listing.description}</span>
              </li>
            ))}
          </ul>
          <p className="card-facts">
            {community.agentCallFee > 0 ? `A question costs ${coins(community.agentCallFee)}.` : "Questions are free."}
          </p>
        </>
      )}
    </section>
  );
}

function Ways({ community, onChanged }) {
  const { run, refreshMe } = usePlaza();
  const { isBusy, refusal, attempt } = useDeed();
  const { id, kind, conversation, viewerMembership } = community;
  const isMember = viewerMembership?.subscriptionStatus === "ACTIVE" || viewerMembership?.role === "CREATOR";

  const join = () =>
    attempt(async () => {
      const total = viewerMembership ? community.monthlyFee : community.joinFee + community.monthlyFee;
      await run(operations.join, { id, total });
      refreshMe();
      await onChanged();
    });
  const startSupport = () =>
    attempt(async () => go(toConversation((await run(operations.startSupport, { id })).startSupportChat.conversationId)));
  const startTalk = () =>
    attempt(async () => go(toConversation((await run(operations.startTalk, { id })).startLoungeChat.conversation.id)));

  return (
    <div className="ways">
      {kind === "OFFICIAL" && (
        <button type="button" className="button button-primary" onClick={startSupport} disabled={isBusy}>
          Chat with them
        </button>
      )}
      {kind === "OFFICIAL" && SERVING.has(viewerMembership?.role) && (
        <a className="button" href={toQueue(id)}>
          Serve customers
        </a>
      )}
      {kind === "LOUNGE" && (
        <button type="button" className="button button-primary" onClick={startTalk} disabled={isBusy}>
          Talk
        </button>
      )}
      {isMember && conversation && (
        <a className={`button ${kind === "CLUB" ? "button-primary" : ""}`} href={toConversation(conversation.id)}>
          Open the room
        </a>
      )}
      {!isMember && (
        <button type="button" className={`button ${kind === "CLUB" ? "button-primary" : ""}`} onClick={join} disabled={isBusy}>
          {viewerMembership ? `Renew · ${coins(community.monthlyFee)}` : `Join · ${fees(community)}`}
        </button>
      )}
      {refusal && (
        <p className="refusal" role="alert">
          {refusal}
        </p>
      )}
    </div>
  );
}
