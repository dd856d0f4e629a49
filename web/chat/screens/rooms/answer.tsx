import { useCallback, useState } from "react";
import { useText } from "../../../i18n";
import { Avatar } from "../../../ui/avatar";
import { Button } from "../../../ui/button";
import { Tag } from "../../../ui/tag";
import { useDeed, usePlaza, useSubscription } from "../../app/plaza";
import type { Message } from "../../model/log";
import { AnswerDocument, type AnswerSubscription, StopAnswerDocument } from "./operations.generated";
import { Prose } from "./prose";

type Event = AnswerSubscription["agentReply"];

interface Given {
  text: string;
  name: string;
  askerId: string | null;
  isDone: boolean;
  error: string | null;
}

const SILENT: Given = { text: "", name: "", askerId: null, isDone: false, error: null };

const positionOf = ({ agentReply }: AnswerSubscription) => agentReply.position;

/** An answer as it is given, until it is posted as a message. */
export function Answer({ question }: { question: Message }) {
  const t = useText("room");
  const { user, run } = usePlaza();
  const [answer, setAnswer] = useState(SILENT);
  const { refusal, attempt } = useDeed();
  const id = question.agentReply?.id ?? "";
  const next = useCallback(({ agentReply: event }: AnswerSubscription) => setAnswer((known) => withEvent(known, event)), []);
  const ended = useCallback(() => setAnswer((known) => ({ ...known, isDone: true })), []);
  useSubscription(AnswerDocument, { id }, { next, ended, positionOf });

  // The text stays until the message arrives; a reply without text posts no message.
  if (answer.isDone && !answer.text && !answer.error) return null;
  const name = answer.name || question.agentReply?.agentListing?.agentName || t("agent");
  return (
    <article className="message" aria-busy={!answer.isDone}>
      <Avatar name={name} />
      <div className="message-body">
        <p className="message-head">
          <bdi className="message-name">{name}</bdi>
          <Tag>{t("agent")}</Tag>
        </p>
        {answer.text ? <Prose text={answer.text} /> : !answer.error && <p className="thinking">{t("thinking")}</p>}
        {answer.error && <p className="refusal">{answer.error}</p>}
        {!answer.isDone && answer.askerId === user.userId && (
          <Button isSmall onClick={() => void attempt(() => run(StopAnswerDocument, { id }))}>
            {t("stop")}
          </Button>
        )}
        {refusal && <p className="refusal">{refusal}</p>}
      </div>
    </article>
  );
}

function withEvent(answer: Given, event: Event): Given {
  switch (event.kind) {
    case "META":
      if (!("reply" in event)) return answer;
      return { ...SILENT, name: event.reply.agentListing?.agentName ?? "", askerId: event.reply.asker.id };
    case "CHUNK":
      return "content" in event ? { ...answer, text: answer.text + event.content } : answer;
    case "ERROR":
      return "message" in event ? { ...answer, error: event.message } : answer;
    case "DONE":
      return { ...answer, isDone: true };
    default:
      return answer;
  }
}
