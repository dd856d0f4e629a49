import { useText } from "../../../i18n";
import { OneLine } from "../../../ui/one-line";
import type { Message } from "../../model/log";
import { useDeeds } from "./deeds";
import { plainText } from "./prose-text";

/** The message that is replied to, in one line. A click jumps to it, however old it is. */
export function Quote({ quoted }: { quoted: NonNullable<Message["replyTo"]> }) {
  const t = useText("room");
  const { onJump } = useDeeds();
  const name = quoted.agentName ?? quoted.author?.name ?? t("deletedAccount");
  return (
    <button type="button" className="quoted" tabIndex={-1} title={t("toQuoted")} onClick={() => onJump(quoted.cursor)}>
      <bdi className="quoted-name">{name}</bdi> <OneLine text={quoted.deletedAt ? t("gone") : plainText(quoted.content)} />
    </button>
  );
}
