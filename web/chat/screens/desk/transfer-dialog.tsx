import { useText } from "../../../i18n";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { ErrorNotice, Loading } from "../../../ui/notices";
import { Person } from "../../../ui/person";
import { useDeed, usePlaza, useQuery } from "../../app/plaza";
import { TeamDocument, TransferDocument } from "./operations.generated";
import "../../../ui/cards.css";

interface Props {
  communityId: string;
  conversationId: string;
  /** The current assignee. */
  assigneeId: string | undefined;
  onClose: () => void;
}

/** Hands a customer to a colleague. */
export default function TransferDialog({ communityId, conversationId, assigneeId, onClose }: Props) {
  const t = useText("desk");
  const common = useText("common");
  const { run } = usePlaza();
  const { isBusy, refusal, attempt } = useDeed();
  const { data, error, refresh } = useQuery(TeamDocument, { id: communityId });
  const community = data?.community;
  const members = [...(community?.moderators.nodes ?? []), ...(community?.agents.nodes ?? [])];
  const team = community
    ? [{ user: community.creator, displayName: community.creator.name }, ...members].filter(({ user }) => user.id !== assigneeId)
    : undefined;
  const hand = async (userId: string) => {
    if (await attempt(() => run(TransferDocument, { conversationId, userId }))) onClose();
  };
  return (
    <Dialog title={t("transferTitle")} onClose={onClose} actions={<Button onClick={onClose}>{common("cancel")}</Button>}>
      <ErrorNotice message={refusal ?? error?.message} onRetry={error ? refresh : undefined} />
      {!team && !error && <Loading />}
      {team?.length === 0 && <p>{t("noColleague")}</p>}
      <ul className="cards">
        {team?.map(({ user, displayName }) => (
          <li key={user.id} className="card">
            <span className="card-text">
              <Person user={user} name={displayName} />
            </span>
            <Button isSmall disabled={isBusy} onClick={() => void hand(user.id)}>
              {t("transfer")}
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
