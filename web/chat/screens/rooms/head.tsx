import { CalendarSearch, ChevronLeft, Search } from "lucide-react";
import { useRef } from "react";
import { useText } from "../../../i18n";
import { IconButton } from "../../../ui/button";
import { usePlaza } from "../../app/plaza";
import { HOME, toCommunity, toSession } from "../../app/routes";
import type { Conversation } from "../../model/log";
import { called } from "./called";

interface Props {
  conversation: Conversation;
  presentCount: number;
  isSearching: boolean;
  onSearch: () => void;
  /** Shows what was said from a day on. */
  onDate: (day: Date) => void;
}

/** The head of a conversation: its name and its navigation. */
export function RoomHead({ conversation, presentCount, isSearching, onSearch, onDate }: Props) {
  const t = useText("room");
  const { user } = usePlaza();
  const { communityId, sessionId } = conversation;
  const { title } = called(conversation, user);
  const address = sessionId ? toSession(sessionId) : communityId && toCommunity(communityId);
  return (
    <header className="conversation-head">
      <a className="page-back" data-shown="false" href={HOME} aria-label={t("allRooms")}>
        <ChevronLeft size={22} aria-hidden="true" />
      </a>
      <h1>
        <bdi>{address ? <a href={address}>{title}</a> : title}</bdi>
      </h1>
      <span className="present">{presentCount > 0 && t("present", { count: presentCount })}</span>
      <DateButton onDate={onDate} />
      <IconButton label={t("search")} aria-pressed={isSearching} icon={<Search size={19} aria-hidden="true" />} onClick={onSearch} />
    </header>
  );
}

/** Opens the browser's own choice of a day. */
function DateButton({ onDate }: { onDate: (day: Date) => void }) {
  const t = useText("room");
  const input = useRef<HTMLInputElement>(null);
  const today = new Date();
  const latest = [today.getFullYear(), pad(today.getMonth() + 1), pad(today.getDate())].join("-");
  return (
    <span className="date-button">
      <IconButton
        label={t("toDate")}
        icon={<CalendarSearch size={19} aria-hidden="true" />}
        onClick={() => input.current?.showPicker()}
      />
      <input
        ref={input}
        type="date"
        tabIndex={-1}
        aria-label={t("toDate")}
        max={latest}
        onChange={({ target }) => {
          // A day begins at midnight of the reader.
          if (target.value) onDate(new Date(`${target.value}T00:00:00`));
        }}
      />
    </span>
  );
}

const pad = (number: number) => String(number).padStart(2, "0");
