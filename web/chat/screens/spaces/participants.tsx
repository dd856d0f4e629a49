import { UserMinus } from "lucide-react";
import { useText } from "../../../i18n";
import { IconButton } from "../../../ui/button";
import { useConfirm } from "../../../ui/dialog";
import { ErrorNotice } from "../../../ui/notices";
import { Person } from "../../../ui/person";
import { Tag } from "../../../ui/tag";
import { useDeed, usePlaza } from "../../app/plaza";
import { RemoveFromSessionDocument } from "./operations.generated";
import type { Session } from "./session";
import "../../../ui/cards.css";

/** The people who take part, or did. */
export function Participants({ session: { id, participants }, isOwner, onChanged }: { session: Session; isOwner: boolean; onChanged: () => void }) {
  const t = useText("spaces");
  const common = useText("common");
  const { run, user: viewer } = usePlaza();
  const confirm = useConfirm();
  const { isBusy, refusal, attempt } = useDeed();
  const remove = async (userId: string, name: string) => {
    const isSure = await confirm({ title: t("removeTitle", { name }), text: t("removeText"), action: common("remove"), isDangerous: true });
    if (isSure && (await attempt(() => run(RemoveFromSessionDocument, { sessionId: id, userId })))) onChanged();
  };
  return (
    <section>
      <h2>{t("participants")}</h2>
      <ErrorNotice message={refusal} />
      <ul className="cards">
        {participants.map(({ id, user, role, controlMode, isConnected }) => (
          <li key={id} className="card">
            <span className="card-text">
              <span className="card-title">
                <Person user={user} />
                {!isConnected && <Tag tone="faint">{t("gone")}</Tag>}
              </span>
              <span className="card-facts">
                <bdi>{role}</bdi> · {t(controlMode)}
              </span>
            </span>
            {isOwner && isConnected && user.id !== viewer.userId && (
              <IconButton
                label={t("removeTitle", { name: user.name })}
                icon={<UserMinus size={19} aria-hidden="true" />}
                disabled={isBusy}
                onClick={() => void remove(user.id, user.name)}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
