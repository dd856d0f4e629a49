import { operations } from "plaza:operations";
import { Avatar } from "./avatar.jsx";
import { useCommunity } from "./community.js";
import { useConfirm } from "./dialog.jsx";
import { coins, dueNow, fees } from "./model/prices.js";
import { COMMUNITIES, toConversation, toQueue } from "./model/routes.js";
import { NotFound } from "./not-found.jsx";
import { go } from "./place.js";
import { useDeed, usePlaza } from "./plaza.jsx";

const KIND = { CLUB: "Club", OFFICIAL: "Official account", LOUNGE: "Lounge" };
const SERVING = new Set(["CREATOR", "MODERATOR", "CS_AGENT"]);

/** What a community is, and the ways into it. */
export function CommunityPage({ id }) {
  const [community, refresh] = useCommunity(id);
  if (community === undefined) return <p className="hint">Opening…</p>;
  if (community === null) {
    return <NotFound title="There is no such community">It may have been closed, or its address may be wrong.</NotFound>;
  }
  const agents = community.agents.filter(({ listing }) => listing.status === "ACTIVE");
  return (
    <section className="community">
      <a className="back" href={COMMUNITIES} aria-label="All communities">
        ‹
      </a>
      <header className="community-head">
        <Avatar name={community.name} />
        <div>
          <h1>{community.name}</h1>
          <p className="card-facts">
            {KIND[community.kind]}
            {community.verified && <span className="tag">Verified</span>} · {community.memberCount === 1 ? "1 member" : `${community.memberCount} members`} · by{" "}
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
  const { run, me, refreshMe } = usePlaza();
  const { isBusy, refusal, attempt } = useDeed();
  const confirm = useConfirm();
  const { id, name, kind, conversation, viewerMembership } = community;
  const isCreator = viewerMembership?.role === "CREATOR";
  const isMember = isCreator || ["ACTIVE", "CANCELLED"].includes(viewerMembership?.subscriptionStatus);
  const due = dueNow(community);

  const change = (query, variables) =>
    attempt(async () => {
      try {
        await run(query, { id, ...variables });
      } finally {
        // A price that has changed is shown as it is now.
        refreshMe();
        await onChanged();
      }
    });
  async function join() {
    const isSure = due === 0 || (await confirm(purchase(community, due, me?.wallet.balance)));
    if (isSure) change(operations.join, { total: due });
  }
  async function leave() {
    const isSure = await confirm({
      title: `Leave ${name}?`,
      text: parting(viewerMembership),
      action: "Leave",
      isDangerous: true,
    });
    if (isSure) change(operations.leave);
  }
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
          {viewerMembership ? "Renew" : "Join"} · {due > 0 ? coins(due) : "free"}
        </button>
      )}
      {viewerMembership && !isCreator && (
        <button type="button" className="button" onClick={leave} disabled={isBusy}>
          Leave
        </button>
      )}
      {!isMember && <p className="card-facts">{fees(community)}</p>}
      {refusal && (
        <p className="refusal" role="alert">
          {refusal}
        </p>
      )}
    </div>
  );
}

/** What is asked before coins are taken: one number, what it is for, and what is there to pay it with. */
function purchase({ name, joinFee, monthlyFee, viewerMembership }, due, balance) {
  const parts = [!viewerMembership && joinFee > 0 && `${coins(joinFee)} to join`, monthlyFee > 0 && `${coins(monthlyFee)} for 30 days`];
  const listed = parts.filter(Boolean);
  const sum = listed.length > 1 ? ` (${listed.join(" and ")})` : "";
  const length = monthlyFee > 0 ? " Your membership lasts 30 days and does not renew itself." : "";
  const isEnough = balance === undefined || balance >= due;
  const have = balance === undefined ? "" : ` You have ${coins(balance)}${isEnough ? "" : ", which is not enough"}.`;
  return {
    title: viewerMembership ? `Renew your membership of ${name}?` : `Join ${name}?`,
    text: `${coins(due)} ${due === 1 ? "is" : "are"} taken from your wallet now${sum}.${length}${have}`,
    action: `Pay ${coins(due)}`,
    isPossible: isEnough,
  };
}

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });

function parting({ paidUntil }) {
  const paid = paidUntil && new Date(paidUntil) > new Date() ? ` You have paid until ${DAY.format(new Date(paidUntil))}.` : "";
  return `You no longer see its room.${paid} Nothing that was paid is given back.`;
}
