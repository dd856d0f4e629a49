import { useEffect, useState } from "react";
import { operations } from "plaza:operations";
import { Avatar } from "./avatar.jsx";
import { fees } from "./model/prices.js";
import { toCommunity } from "./model/routes.js";
import { useConnection, usePlaza } from "./plaza.jsx";

const KINDS = [
  ["", "All"],
  ["CLUB", "Clubs"],
  ["OFFICIAL", "Official accounts"],
  ["LOUNGE", "Lounges"],
];

/** Milliseconds without a key before a search is asked. */
const PAUSE = 200;

/** All communities, and a search among them. */
export function Discover() {
  const { run } = usePlaza();
  const [kind, setKind] = useState("");
  const [search, setSearch] = useState("");
  const [found, setFound] = useState({ nodes: null, error: null });
  const isOpen = useConnection() === "open";

  useEffect(() => {
    let isCurrent = true;
    const timer = setTimeout(
      () => {
        run(operations.communities, { kind: kind || null, search: search.trim() || null }).then(
          ({ communities }) => isCurrent && setFound({ nodes: communities.nodes, error: null }),
          (error) => isCurrent && setFound(({ nodes }) => ({ nodes, error: error.message })),
        );
      },
      search ? PAUSE : 0,
    );
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [run, kind, search, isOpen]);

  return (
    <section className="discover">
      <a className="back" href="#/" aria-label="All conversations">
        ‹
      </a>
      <h1>Communities</h1>
      <div className="filters">
        <input
          type="search"
          className="input"
          aria-label="Search communities"
          placeholder="Search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <div className="kinds" role="group" aria-label="Kind">
          {KINDS.map(([value, label]) => (
            <button
              key={value}
              type="button"
              className="button button-small"
              aria-pressed={kind === value}
              onClick={() => setKind(value)}
            >
              {label}
            </button>
          ))}
        </div>
      </div>
      {found.error && <p className="refusal">{found.error}</p>}
      {found.nodes?.length === 0 && !found.error && <p className="hint">No community matches.</p>}
      <ul className="cards">
        {found.nodes?.map((community) => (
          <li key={community.id}>
            <a className="card" href={toCommunity(community.id)}>
              <Avatar name={community.name} />
              <span className="card-text">
                <span className="card-title">
                  {community.name}
                  {community.verified && <span className="tag">Verified</span>}
                </span>
                <span className="card-about">{community.description}</span>
                <span className="card-facts">
                  {community.memberCount} {community.memberCount === 1 ? "member" : "members"} · {fees(community)}
                </span>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
