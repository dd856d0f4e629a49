import { CommunityPage } from "./community.jsx";
import { Conversation } from "./conversation.jsx";
import { Discover } from "./discover.jsx";
import { usePlace } from "./place.js";
import { usePlaza } from "./plaza.jsx";
import { Queue } from "./queue.jsx";
import { Sidebar } from "./sidebar.jsx";

const ROOMS = { c: Conversation, community: CommunityPage, queue: Queue };

/** The list of one's conversations, and what is open beside it. */
export function Rooms() {
  const { room, id } = usePlace();
  const { isOnline } = usePlaza();
  const Room = id && ROOMS[room];
  return (
    <div className="rooms" data-open={Room ? "room" : "list"}>
      <Sidebar open={id} />
      <main className="room">
        {!isOnline && (
          <p className="offline" role="status">
            The connection is lost. Trying again…
          </p>
        )}
        {Room ? <Room key={id} id={id} /> : <Discover />}
      </main>
    </div>
  );
}
