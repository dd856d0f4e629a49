import { useEffect, useState } from "react";
import { Boundary } from "./boundary.jsx";
import { CommunityPage } from "./community.jsx";
import { Conversation } from "./conversation.jsx";
import { Discover } from "./discover.jsx";
import { NotFound } from "./not-found.jsx";
import { usePlace } from "./place.js";
import { useConnection, usePlaza } from "./plaza.jsx";
import { Queue } from "./queue.jsx";
import { Sidebar } from "./sidebar.jsx";

const ROOMS = { c: Conversation, community: CommunityPage, queue: Queue, communities: Discover, home: Discover, unknown: Unknown };

/** Milliseconds that a cut lasts before it is shown: most are over before anyone needs to know. */
const CALM = 1500;

/** The list of one's conversations, and what is open beside it. */
export function Rooms() {
  const { name, id } = usePlace();
  const isReady = useReady();
  const Room = ROOMS[name];
  if (!isReady) return <p className="hint">Opening…</p>;
  return (
    <div className="rooms" data-open={name === "home" ? "list" : "room"}>
      <Sidebar open={id} />
      <main className="room">
        <Boundary key={`${name}/${id}`}>
          <Room id={id} />
        </Boundary>
      </main>
      <Offline />
    </div>
  );
}

function Unknown() {
  return (
    <NotFound title="There is no such page">
      The address leads nowhere. It may have been cut off when it was copied.
    </NotFound>
  );
}

/** Whether what this browser has kept is there. */
function useReady() {
  const { ready } = usePlaza();
  const [isReady, setReady] = useState(false);
  useEffect(() => {
    ready.then(() => setReady(true));
  }, [ready]);
  return isReady;
}

/** Says that the connection is lost, once that lasts. It lies over the masthead, so that nothing moves. */
function Offline() {
  const { connection, outbox } = usePlaza();
  const isLost = useConnection() === "reconnecting";
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (!isLost) {
      setShown(false);
      return undefined;
    }
    const timer = setTimeout(() => setShown(true), CALM);
    return () => clearTimeout(timer);
  }, [isLost]);
  const retry = () => {
    connection.wake();
    outbox.wake();
  };
  return (
    <div role="status">
      {isShown && (
        <p className="offline">
          <span>Reconnecting… What you send is kept until then.</span>
          <button type="button" className="quiet" onClick={retry}>
            Try now
          </button>
        </p>
      )}
    </div>
  );
}
