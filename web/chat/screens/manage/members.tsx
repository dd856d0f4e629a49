import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { useText } from "../../../i18n";
import { dateOf } from "../../../i18n/format";
import { Avatar } from "../../../ui/avatar";
import { IconButton } from "../../../ui/button";
import { type Question, useConfirm } from "../../../ui/dialog";
import { Select } from "../../../ui/field";
import { Menu, MenuItem, MenuSeparator } from "../../../ui/menu";
import { EmptyState, ErrorNotice } from "../../../ui/notices";
import { Tag } from "../../../ui/tag";
import { Listing, useListing } from "../../app/listing";
import { useDeed, usePlaza } from "../../app/plaza";
import type { MemberRole } from "../../schema.generated";
import { Bans } from "./bans";
import { Invitation } from "./invitation";
import type { Managed } from ".";
import {
  MembersDocument,
  type MembersQuery,
  RemoveMemberDocument,
  SetRoleDocument,
  TransferOwnershipDocument,
  UnmuteDocument,
} from "./operations.generated";
import { type Sanction, SanctionDialog } from "./sanction";
import "../../../ui/cards.css";

type Member = NonNullable<MembersQuery["community"]>["members"]["nodes"][number];

const ROLES: MemberRole[] = ["CREATOR", "MODERATOR", "CS_AGENT", "MEMBER"];
const RANK: Record<MemberRole, number> = { CREATOR: 0, MODERATOR: 1, CS_AGENT: 2, MEMBER: 2 };

/** The members of a community with their roles, and what can be done about them; below them those who are banned. */
export function Members({ community, onChanged }: { community: Managed; onChanged: () => void }) {
  const t = useText("manage");
  const common = useText("common");
  const [role, setRole] = useState<MemberRole | "">("");
  const [banRound, setBanRound] = useState(0);
  const [sanction, setSanction] = useState<Sanction | null>(null);
  const deed = useDeed();
  const list = useListing(MembersDocument, { id: community.id, role: role || null, first: 30 }, ({ community }) => community?.members);
  const changed = () => {
    list.refresh();
    setBanRound((round) => round + 1);
    onChanged();
  };
  return (
    <>
      {community.kind === "OFFICIAL" && <Invitation communityId={community.id} onInvited={changed} />}
      <div className="page-line">
        <Select label={t("role")} value={role} onChange={({ target }) => setRole(target.value as MemberRole | "")}>
          <option value="">{common("all")}</option>
          {ROLES.map((role) => (
            <option key={role} value={role}>
              {t(role)}
            </option>
          ))}
        </Select>
      </div>
      <ErrorNotice message={deed.refusal} />
      <Listing list={list} empty={<EmptyState title={t("noMembers")} />}>
        {(nodes) => (
          <ul className="cards">
            {nodes.map((member) => (
              <MemberCard
                key={member.id}
                member={member}
                community={community}
                attempt={deed.attempt}
                onSanction={setSanction}
                onChanged={changed}
              />
            ))}
          </ul>
        )}
      </Listing>
      <Bans key={banRound} id={community.id} />
      {sanction && (
        <SanctionDialog communityId={community.id} sanction={sanction} onClose={() => setSanction(null)} onDone={changed} />
      )}
    </>
  );
}

interface CardProps {
  member: Member;
  community: Managed;
  attempt: ReturnType<typeof useDeed>["attempt"];
  onSanction: (sanction: Sanction) => void;
  onChanged: () => void;
}

function MemberCard({ member, community, attempt, onSanction, onChanged }: CardProps) {
  const t = useText("manage");
  const { user: viewer, run } = usePlaza();
  const confirm = useConfirm();
  const { user, displayName, role, mute, joinedAt } = member;
  const own = community.viewerMembership?.role ?? "MEMBER";
  const isCreator = own === "CREATOR";
  const isLower = RANK[own] < RANK[role];
  const target = { communityId: community.id, userId: user.id };
  const act = async (deed: () => Promise<unknown>, question?: Omit<Question, "title"> & { title: string }) => {
    const isSure = !question || (await confirm(question));
    if (isSure && (await attempt(deed))) onChanged();
  };
  const roles: MemberRole[] = community.kind === "OFFICIAL" ? ["MODERATOR", "CS_AGENT", "MEMBER"] : ["MODERATOR", "MEMBER"];
  const named = { name: displayName };
  return (
    <li className="card">
      <Avatar name={displayName} image={user.image} />
      <span className="card-text">
        <span className="card-title">
          <bdi>{displayName}</bdi>
          {role !== "MEMBER" && <Tag>{t(role)}</Tag>}
          {mute && <Tag tone="warning">{mute.until ? t("mutedUntil", { date: dateOf(new Date(mute.until)) }) : t("muted")}</Tag>}
        </span>
        <span className="card-facts">
          {displayName !== user.name && <bdi>{user.name} · </bdi>}
          {t("joined", { date: dateOf(new Date(joinedAt)) })}
          {mute?.reason && <bdi> · {mute.reason}</bdi>}
        </span>
      </span>
      {isLower && user.id !== viewer.userId && (
        <Menu trigger={<IconButton label={t("actionsOn", named)} icon={<Ellipsis size={19} aria-hidden="true" />} />}>
          {isCreator &&
            roles
              .filter((one) => one !== role)
              .map((role) => (
                <MenuItem key={role} onSelect={() => void act(() => run(SetRoleDocument, { ...target, role }))}>
                  {t("makeRole", { role: t(role) })}
                </MenuItem>
              ))}
          {isCreator && <MenuSeparator />}
          {mute ? (
            <MenuItem onSelect={() => void act(() => run(UnmuteDocument, target))}>{t("unmute")}</MenuItem>
          ) : (
            <MenuItem onSelect={() => onSanction({ kind: "mute", userId: user.id, name: displayName })}>{t("mute")}</MenuItem>
          )}
          <MenuItem
            onSelect={() =>
              void act(() => run(RemoveMemberDocument, target), {
                title: t("removeTitle", named),
                text: t("removeText"),
                action: t("remove"),
                isDangerous: true,
              })
            }
          >
            {t("remove")}
          </MenuItem>
          <MenuItem isDangerous onSelect={() => onSanction({ kind: "ban", userId: user.id, name: displayName })}>
            {t("ban")}
          </MenuItem>
          {isCreator && (
            <>
              <MenuSeparator />
              <MenuItem
                isDangerous
                onSelect={() =>
                  void act(() => run(TransferOwnershipDocument, target), {
                    title: t("transferTitle", named),
                    text: t("transferText"),
                    action: t("transfer"),
                    isDangerous: true,
                  })
                }
              >
                {t("transfer")}
              </MenuItem>
            </>
          )}
        </Menu>
      )}
    </li>
  );
}
