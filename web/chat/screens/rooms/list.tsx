import { MessagesSquare } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { useText } from "../../../i18n";
import { Avatar } from "../../../ui/avatar";
import { ButtonLink } from "../../../ui/button";
import { SearchField } from "../../../ui/field";
import { EmptyState, Loading } from "../../../ui/notices";
import { OneLine } from "../../../ui/one-line";
import { Badge } from "../../../ui/tag";
import { When } from "../../../ui/when";
import { type Listed, useInbox } from "../../app/inbox";
import { usePlaza, useQueued } from "../../app/plaza";
import { DISCOVER, toConversation } from "../../app/routes";
import { called } from "./called";
import { plainText } from "./prose-text";

/** From how many conversations on a field to find one among them is offered. */
const MANY = 8;

/** The viewer's conversations. Tab reaches one of them, the arrow keys go to the others. */
export function RoomList({ open }: { open: string | undefined }) {
  const t = useText("rooms");
  const { user } = usePlaza();
  const conversations = useInbox();
  const [words, setWords] = useState("");
  const [chosen, setChosen] = useState<string>();
  const found = conversations?.filter((conversation) => matches(called(conversation, user), words)) ?? [];
  const active = [chosen, open, found[0]?.id].find((id) => found.some((conversation) => conversation.id === id));

  function walk(event: KeyboardEvent<HTMLElement>) {
    const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("a.row")];
    const index = rows.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: rows.length - 1 }[event.key];
    if (index < 0 || next === undefined) return;
    event.preventDefault();
    rows[Math.min(Math.max(next, 0), rows.length - 1)]?.focus();
  }

  return (
    <section className="room-list" aria-label={t("listLabel")}>
      <header className="room-list-head">
        <h1>{t("title")}</h1>
      </header>
      {conversations && conversations.length >= MANY && (
        <div className="room-list-find">
          <SearchField label={t("find")} value={words} onSearch={setWords} />
        </div>
      )}
      {!conversations && <Loading />}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys move the focus among its links */}
      <ul className="room-list-rows" onKeyDown={walk}>
        {found.map((conversation) => (
          <Row
            key={conversation.id}
            conversation={conversation}
            isOpen={conversation.id === open}
            isActive={conversation.id === active}
            onFocus={() => setChosen(conversation.id)}
          />
        ))}
      </ul>
      {conversations && conversations.length > 0 && found.length === 0 && <p className="loading">{t("noneFound")}</p>}
      {conversations?.length === 0 && (
        <EmptyState
          icon={<MessagesSquare size={28} aria-hidden="true" />}
          title={t("noneTitle")}
          actions={
            <ButtonLink look="primary" href={DISCOVER}>
              {t("findCommunities")}
            </ButtonLink>
          }
        >
          {t("noneText")}
        </EmptyState>
      )}
    </section>
  );
}

interface RowProps {
  conversation: Listed;
  isOpen: boolean;
  isActive: boolean;
  onFocus: () => void;
}

function Row({ conversation, isOpen, isActive, onFocus }: RowProps) {
  const t = useText("rooms");
  const { user } = usePlaza();
  const { id, unreadCount, lastMessage, updatedAt } = conversation;
  const { title, kind } = called(conversation, user);
  const who = lastMessage?.agentName ?? lastMessage?.author?.name;
  const unread = isOpen ? 0 : unreadCount;
  const refused = useQueued(id).filter(({ status }) => status === "failed").length;
  return (
    <li>
      <a
        className="row"
        href={toConversation(id)}
        aria-current={isOpen ? "page" : undefined}
        tabIndex={isActive ? 0 : -1}
        onFocus={onFocus}
        data-unread={unread > 0}
      >
        <Avatar name={title} size={42} />
        <span className="row-text">
          <span className="row-line">
            <bdi className="row-title">{title}</bdi>
            <When at={updatedAt} />
          </span>
          <span className="row-line">
            {refused > 0 ? (
              <span className="row-last refusal">{t("refused", { count: refused })}</span>
            ) : (
              <span className="row-last">
                {kind && <span className="row-kind">{t(kind)}</span>}
                {lastMessage && <OneLine text={`${who ? `${who}: ` : ""}${plainText(lastMessage.content)}`} />}
              </span>
            )}
            {unread > 0 && <Badge count={unread} label={t("unread", { count: unread })} />}
          </span>
        </span>
      </a>
    </li>
  );
}

const matches = ({ title }: { title: string }, words: string) =>
  title.toLocaleLowerCase().includes(words.trim().toLocaleLowerCase());
