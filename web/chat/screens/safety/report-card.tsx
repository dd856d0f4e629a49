import type { ReactNode } from "react";
import { useText } from "../../../i18n";
import { Tag } from "../../../ui/tag";
import { When } from "../../../ui/when";
import { toCommunity, toConversation, toSpace } from "../../app/routes";
import type { ReportPartsFragment } from "./operations.generated";
import "../../../ui/cards.css";
import "./safety.css";

export type Report = ReportPartsFragment;

/** A report: what is reported and why, its state, and what can be done. */
export function ReportCard({ report, isOwn = false, actions }: { report: Report; isOwn?: boolean; actions?: ReactNode }) {
  const t = useText("safety");
  const { reporter, reported, reportedName, community, spaceId, conversationId, content, reason, note, status, outcome } = report;
  const name = reportedName ?? reported?.name ?? t("gone");
  return (
    <article className="report">
      <p className="card-title">
        <bdi>{name}</bdi>
        <Tag tone="warning">{t(reason)}</Tag>
        {status === "CLOSED" && <Tag tone="faint">{t(outcome ?? "CLOSED")}</Tag>}
        <When at={report.createdAt} />
      </p>
      {content && (
        <blockquote className="report-content" dir="auto">
          {content}
        </blockquote>
      )}
      {note && <p dir="auto">{note}</p>}
      <p className="card-facts">
        {!isOwn && <span>{t("reportedBy", { name: reporter.name })}</span>}{" "}
        {community && <a href={toCommunity(community.id)}>{community.name}</a>}{" "}
        {spaceId && <a href={toSpace(spaceId)}>{t("space")}</a>}{" "}
        {conversationId && <a href={toConversation(conversationId)}>{t("conversation")}</a>}
      </p>
      {status === "CLOSED" && !isOwn && (
        <p className="card-facts">
          {t("closedBy", { name: report.closedBy?.name ?? t("gone") })} {report.closingNote && <bdi>{report.closingNote}</bdi>}
        </p>
      )}
      {actions}
    </article>
  );
}
