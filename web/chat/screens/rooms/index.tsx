import { MessagesSquare } from "lucide-react";
import { useText } from "../../../i18n";
import { ButtonLink } from "../../../ui/button";
import { EmptyState } from "../../../ui/notices";
import { DISCOVER } from "../../app/routes";
import { Conversation } from "./conversation";
import { RoomList } from "./list";
import "./rooms.css";

/** The list of one's conversations, and the one that is open beside it. Narrow screens show one of the two. */
export default function Rooms({ id, message }: { id?: string; message?: string }) {
  return (
    <div className="rooms" data-open={id ? "room" : "list"}>
      <RoomList open={id} />
      <div className="room">{id ? <Conversation key={id} id={id} target={message} /> : <Nothing />}</div>
    </div>
  );
}

function Nothing() {
  const t = useText("rooms");
  return (
    <EmptyState
      icon={<MessagesSquare size={28} aria-hidden="true" />}
      title={t("chooseTitle")}
      actions={
        <ButtonLink look="primary" href={DISCOVER}>
          {t("findCommunities")}
        </ButtonLink>
      }
    >
      {t("chooseText")}
    </EmptyState>
  );
}
