import { Headset } from "lucide-react";
import { useCallback, useState } from "react";
import { useText } from "../../../i18n";
import { Avatar } from "../../../ui/avatar";
import { Button } from "../../../ui/button";
import { Field, Select } from "../../../ui/field";
import { EmptyState, ErrorNotice, Loading } from "../../../ui/notices";
import { Since } from "../../../ui/since";
import { Tag } from "../../../ui/tag";
import { useDeed, usePlaza, useSubscription } from "../../app/plaza";
import { go, toConversation } from "../../app/routes";
import type { Refusal } from "plaza-client";
import { plainText } from "../rooms/prose-text";
import { AcceptDocument } from "../rooms/operations.generated";
import { QueueDocument, type QueueSubscription } from "./operations.generated";
import "../../../ui/cards.css";

type Event = QueueSubscription["supportQueue"];
type Chat = Event["chats"][number];

/** The filter of the queue. */
const FILTERS = ["ALL", "WAITING_HUMAN", "MINE", "LATE", "HUMAN_ACTIVE", "AI_ACTIVE", "RESOLVED"] as const;
type Filter = (typeof FILTERS)[number];

/** The customers of an official account, those who wait the longest first. */
export function Queue({ id }: { id: string }) {
  const t = useText("desk");
  const { user } = usePlaza();
  const [chats, setChats] = useState<Chat[]>();
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [filter, setFilter] = useState<Filter>("ALL");
  const [words, setWords] = useState("");
  const next = useCallback(({ supportQueue }: QueueSubscription) => setChats((known) => withChange(known, supportQueue)), []);
  useSubscription(QueueDocument, { id }, { next, ended: setRefusal });
  const counts = (filter: Filter) => chats?.filter((chat) => passes(chat, filter, user.userId)).length ?? 0;
  const shown = chats?.filter((chat) => passes(chat, filter, user.userId) && hasName(chat, words));
  return (
    <>
      <div className="page-line">
        <Select label={t("show")} value={filter} onChange={({ target }) => setFilter(target.value as Filter)}>
          {FILTERS.map((filter) => (
            <option key={filter} value={filter}>
              {t("filterCount", { filter: t(filter), count: counts(filter) })}
            </option>
          ))}
        </Select>
        <Field label={t("find")} type="search" value={words} onChange={({ target }) => setWords(target.value)} />
      </div>
      <ErrorNotice message={refusal?.message} />
      {!chats && !refusal && <Loading />}
      {chats?.length === 0 && (
        <EmptyState icon={<Headset size={28} aria-hidden="true" />} title={t("empty")}>
          {t("emptyText")}
        </EmptyState>
      )}
      {chats && chats.length > 0 && shown?.length === 0 && <p className="loading">{t("noneShown")}</p>}
      <ul className="cards">
        {shown?.map((chat) => (
          <Customer key={chat.id} chat={chat} />
        ))}
      </ul>
    </>
  );
}

function passes({ status, assignee, lateSince }: Chat, filter: Filter, viewerId: string): boolean {
  if (filter === "ALL") return true;
  if (filter === "MINE") return assignee?.id === viewerId && status === "HUMAN_ACTIVE";
  if (filter === "LATE") return !!lateSince && status !== "RESOLVED";
  return status === filter;
}

const hasName = ({ customer }: Chat, words: string) => customer.name.toLocaleLowerCase().includes(words.trim().toLocaleLowerCase());

function withChange(known: Chat[] = [], { isSnapshot, removedIds, orderedIds, chats }: Event): Chat[] {
  const byId = new Map((isSnapshot ? [] : known).map((chat) => [chat.id, chat]));
  removedIds.forEach((id) => byId.delete(id));
  chats.forEach((chat) => byId.set(chat.id, chat));
  return orderedIds.flatMap((id) => byId.get(id) ?? []);
}

function Customer({ chat }: { chat: Chat }) {
  const t = useText("desk");
  const { run } = usePlaza();
  const { isBusy, refusal, attempt } = useDeed();
  const { conversationId: id, communityId, customer, status, assignee, waitingSince, unansweredSince, lateSince, noteCount } = chat;
  const last = chat.conversation.lastMessage;
  const serve = () =>
    attempt(async () => {
      await run(AcceptDocument, { communityId, id });
      go(toConversation(id));
    });
  return (
    <li className="card">
      <Avatar name={customer.name} image={customer.image} />
      <a className="card-text" href={toConversation(id)}>
        <span className="card-title">
          <bdi>{customer.name}</bdi>
          {lateSince && status !== "RESOLVED" && <Tag tone="warning">{t("late")}</Tag>}
          {!!noteCount && <Tag tone="faint">{t("notes", { count: noteCount })}</Tag>}
        </span>
        {last && (
          <span className="card-about">
            <bdi>{[last.agentName ?? last.author?.name, plainText(last.content)].filter(Boolean).join(": ")}</bdi>
          </span>
        )}
        <span className="card-facts">
          {assignee && status !== "RESOLVED" ? t("servedBy", { name: assignee.name }) : t(status)}
          {waitingSince && (
            <>
              {" · "}
              {t("waits")} <Since at={waitingSince} />
            </>
          )}
          {!waitingSince && unansweredSince && (
            <>
              {" · "}
              {t("unanswered")} <Since at={unansweredSince} />
            </>
          )}
        </span>
        {refusal && <span className="refusal">{refusal}</span>}
      </a>
      {status === "WAITING_HUMAN" && (
        <Button isSmall look="primary" onClick={() => void serve()} disabled={isBusy}>
          {t("serve")}
        </Button>
      )}
    </li>
  );
}
