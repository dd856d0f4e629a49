import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { useText } from "../../../i18n";
import { dateOf } from "../../../i18n/format";
import { Avatar } from "../../../ui/avatar";
import { IconButton } from "../../../ui/button";
import { useConfirm } from "../../../ui/dialog";
import { Menu, MenuItem } from "../../../ui/menu";
import { EmptyState, Loading } from "../../../ui/notices";
import { Page } from "../../../ui/page";
import { Tag } from "../../../ui/tag";
import { useToast } from "../../../ui/toast";
import { Listing, useListing } from "../../app/listing";
import { NotFound } from "../../app/not-found";
import { usePlaza } from "../../app/plaza";
import { toCommunity } from "../../app/routes";
import { MembersDocument, type MembersQuery } from "../manage/operations.generated";
import { BlockDocument } from "../rooms/operations.generated";
import ReportDialog from "../safety/report-dialog";
import { useCommunity } from "./use-community";
import "../../../ui/cards.css";

type Member = NonNullable<MembersQuery["community"]>["members"]["nodes"][number];

/** The members of a community, whom each other member can report and block. */
export default function People({ id = "" }: { id?: string }) {
  const t = useText("community");
  const manage = useText("manage");
  const room = useText("room");
  const { run, user: viewer } = usePlaza();
  const confirm = useConfirm();
  const toast = useToast();
  const [community] = useCommunity(id);
  const [reported, setReported] = useState<Member | null>(null);
  const list = useListing(MembersDocument, { id, role: null, first: 30 }, ({ community }) => community?.members);
  if (community === undefined) return <Loading />;
  if (community === null) return <NotFound title={t("unknownTitle")}>{t("unknownText")}</NotFound>;
  const block = async ({ user: { id: userId }, displayName: name }: Member) => {
    const isSure = await confirm({ title: room("blockTitle", { name }), text: room("blockText"), action: room("block"), isDangerous: true });
    if (!isSure) return;
    try {
      await run(BlockDocument, { userId, label: name });
      toast({ text: room("blockedNow", { name }) });
    } catch (error) {
      toast({ text: error instanceof Error ? error.message : String(error) });
    }
  };
  return (
    <Page title={manage("members")} about={<bdi>{community.name}</bdi>} back={toCommunity(id)} isBackShown>
      <Listing list={list} empty={<EmptyState title={manage("noMembers")} />}>
        {(nodes) => (
          <ul className="cards">
            {nodes.map((member) => (
              <li key={member.id} className="card">
                <Avatar name={member.displayName} image={member.user.image} />
                <span className="card-text">
                  <span className="card-title">
                    <bdi>{member.displayName}</bdi>
                    {member.role !== "MEMBER" && <Tag>{manage(member.role)}</Tag>}
                  </span>
                  <span className="card-facts">{manage("joined", { date: dateOf(new Date(member.joinedAt)) })}</span>
                </span>
                {member.user.id !== viewer.userId && (
                  <Menu
                    trigger={
                      <IconButton label={manage("actionsOn", { name: member.displayName })} icon={<Ellipsis size={19} aria-hidden="true" />} />
                    }
                  >
                    <MenuItem onSelect={() => setReported(member)}>{room("report")}</MenuItem>
                    <MenuItem onSelect={() => void block(member)}>{room("block")}</MenuItem>
                  </Menu>
                )}
              </li>
            ))}
          </ul>
        )}
      </Listing>
      {reported && (
        <ReportDialog
          title={t("reportUser", { name: reported.displayName })}
          subject={{ userId: reported.user.id, communityId: id }}
          onClose={() => setReported(null)}
        />
      )}
    </Page>
  );
}
