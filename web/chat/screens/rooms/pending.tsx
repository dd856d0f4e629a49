import { useState } from "react";
import { useText } from "../../../i18n";
import { Avatar } from "../../../ui/avatar";
import { Button } from "../../../ui/button";
import { OneLine } from "../../../ui/one-line";
import { useConnection, usePlaza } from "../../app/plaza";
import type { Entry } from "../../model/outbox";
import { focusComposer } from "./composer-focus";
import { Editor } from "./editor";
import { Prose } from "./prose";
import { plainText } from "./prose-text";

/** Codes of refusals that sending the same once more does not change. */
const FINAL = new Set(["INVALID", "PRICE_CHANGED", "PAYLOAD_TOO_LARGE", "UNPROCESSABLE"]);

/** A message on its way, or one that was refused. */
export function Pending({ entry, price }: { entry: Entry; price: number | undefined }) {
  const t = useText("room");
  const { user, outbox } = usePlaza();
  const [isEditing, setEditing] = useState(false);
  const { key, content, kind, status, reason, code, replyTo } = entry;
  const isFailed = status === "failed";
  const isLost = useConnection() === "reconnecting";
  const isWaiting = status === "waiting" || (status === "queued" && isLost);
  const fee = price ?? ("fee" in entry ? entry.fee : undefined);
  const waiting = isLost ? t("waitsForConnection") : code === "REPLY_RUNNING" ? t("waitsForAnswer") : t("tryingAgain");
  return (
    <article className="message message-pending" data-status={status}>
      <Avatar name={user.name} image={user.image} />
      <div className="message-body">
        <p className="message-head">
          <bdi className="message-name">{user.name}</bdi>
        </p>
        {replyTo && (
          <p className="quoted">
            <bdi className="quoted-name">{replyTo.agentName ?? replyTo.author?.name}</bdi> <OneLine text={plainText(replyTo.content)} />
          </p>
        )}
        {isEditing ? (
          <Editor
            content={content}
            action={t("send")}
            onCancel={() => {
              setEditing(false);
              focusComposer();
            }}
            onSave={(changed) => {
              if (!changed.trim()) return;
              setEditing(false);
              outbox.edit(key, { content: changed, fee });
              focusComposer();
            }}
          />
        ) : (
          <Prose text={content} />
        )}
        {isFailed ? (
          <p className="refusal" role="alert">
            {t("notSent", { reason: reason ?? "" })}
          </p>
        ) : (
          <p className="message-note">{isWaiting ? `${t("notSentYet")} ${waiting}` : t("sending")}</p>
        )}
        {!isEditing && (
          <p className="message-ways">
            {isFailed && code === "PRICE_CHANGED" && price !== undefined && (
              <Button isSmall onClick={() => outbox.edit(key, { fee: price })}>
                {t("sendFor", { count: price })}
              </Button>
            )}
            {isFailed && !FINAL.has(code ?? "") && (
              <Button isSmall onClick={() => outbox.retry(key)}>
                {t("tryAgain")}
              </Button>
            )}
            {isFailed && kind !== "voice" && (
              <Button isSmall onClick={() => setEditing(true)}>
                {t("edit")}
              </Button>
            )}
            {(isFailed || isWaiting) && (
              <Button
                isSmall
                onClick={() => {
                  outbox.remove(key);
                  focusComposer();
                }}
              >
                {t("remove")}
              </Button>
            )}
          </p>
        )}
      </div>
    </article>
  );
}
