import { Fragment, useState } from "react";
import { useText } from "../../../i18n";
import { wholeTime } from "../../../i18n/format";
import { Select } from "../../../ui/field";
import { EmptyState } from "../../../ui/notices";
import { When } from "../../../ui/when";
import { Listing, useListing } from "../../app/listing";
import { toCommunity } from "../../app/routes";
import type { AuditAction } from "../../schema.generated";
import { AuditEventsDocument } from "./operations.generated";
import "../../../ui/cards.css";

/** The actions, in the order in which they are offered. */
const ACTIONS = [
  "ROLE_CHANGED",
  "MEMBER_REMOVED",
  "MEMBER_BANNED",
  "MEMBER_UNBANNED",
  "MEMBER_MUTED",
  "MEMBER_UNMUTED",
  "OWNERSHIP_TRANSFERRED",
  "COMMUNITY_ARCHIVED",
  "COMMUNITY_SUSPENDED",
  "COMMUNITY_REINSTATED",
  "FEES_CHANGED",
  "AGENT_ADDED",
  "AGENT_REMOVED",
  "PARTICIPANT_REMOVED",
  "SPACE_GUEST_REMOVED",
  "MESSAGE_DELETED",
  "ANSWER_STOPPED",
  "REPORT_CLOSED",
  "CUSTOMER_HANDED_ON",
  "CUSTOMER_RESOLVED",
  "SUPPORT_SETTINGS_CHANGED",
  "VERIFICATION_APPROVED",
  "VERIFICATION_REJECTED",
  "COINS_GRANTED",
  "ACCOUNT_BANNED",
  "ACCOUNT_UNBANNED",
  "ACCOUNT_PROMOTED",
  "ACCOUNT_DEMOTED",
  "PASSWORD_RESET",
  "CONNECTION_ENDED",
] as const satisfies readonly AuditAction[];

/** The audit log of one community or of the whole platform. */
export function AuditLog({ communityId }: { communityId?: string }) {
  const t = useText("audit");
  const common = useText("common");
  const [action, setAction] = useState<AuditAction | "">("");
  const list = useListing(AuditEventsDocument, { communityId, action: action || null, first: 40 }, ({ auditEvents }) => auditEvents);
  return (
    <>
      <div className="page-line">
        <Select label={t("action")} value={action} onChange={({ target }) => setAction(target.value as AuditAction | "")}>
          <option value="">{common("all")}</option>
          {ACTIONS.map((action) => (
            <option key={action} value={action}>
              {t(action)}
            </option>
          ))}
        </Select>
      </div>
      <Listing list={list} empty={<EmptyState title={t("empty")}>{t("emptyText")}</EmptyState>}>
        {(nodes) => (
          <ul className="cards">
            {nodes.map(({ id, action, actor, user, community, details, createdAt }) => (
              <li key={id} className="card">
                <span className="card-text">
                  <span className="card-title">
                    {t(action)} {user && <bdi>{user.name}</bdi>} <When at={createdAt} />
                  </span>
                  <span className="card-facts">
                    {t("by", { name: actor?.name ?? t("operator") })}
                    {!communityId && community && (
                      <>
                        {" · "}
                        <a href={toCommunity(community.id)}>
                          <bdi>{community.name}</bdi>
                        </a>
                      </>
                    )}
                  </span>
                  <Details details={details} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </Listing>
    </>
  );
}

/** The further data of an action, by their names. */
function Details({ details }: { details: unknown }) {
  const t = useText("audit");
  if (typeof details !== "object" || details === null) return null;
  const entries = Object.entries(details as Record<string, unknown>).filter(([, value]) => value !== null);
  if (entries.length === 0) return null;
  const labelOf = (name: string) => {
    const label = t(`detail_${name}` as "detail_from");
    return label.startsWith("detail_") ? name : label;
  };
  return (
    <span className="card-facts">
      {entries.map(([name, value]) => (
        <Fragment key={name}>
          {labelOf(name)}: <bdi>{readable(value)}</bdi>{" "}
        </Fragment>
      ))}
    </span>
  );
}

/** A time as the viewer's language writes it, and anything else as it is. */
function readable(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value);
  return /^\d{4}-\d\d-\d\dT/.test(value) ? wholeTime(new Date(value)) : value;
}
