import { useText } from "../../../i18n";
import { dateOf } from "../../../i18n/format";
import { Avatar } from "../../../ui/avatar";
import { Button } from "../../../ui/button";
import { ErrorNotice } from "../../../ui/notices";
import { Listing, useListing } from "../../app/listing";
import { useDeed, usePlaza } from "../../app/plaza";
import { BansDocument, UnbanDocument } from "./operations.generated";

/** The bans of a community: user, moderator, reason and end. */
export function Bans({ id }: { id: string }) {
  const t = useText("manage");
  const { run } = usePlaza();
  const { isBusy, refusal, attempt } = useDeed();
  const list = useListing(BansDocument, { id, first: 30 }, ({ community }) => community?.bans);
  const lift = async (userId: string) => {
    if (await attempt(() => run(UnbanDocument, { communityId: id, userId }))) list.refresh();
  };
  return (
    <section>
      <h2>{t("banned")}</h2>
      <ErrorNotice message={refusal} />
      <Listing list={list} empty={<p className="card-facts">{t("noneBanned")}</p>}>
        {(nodes) => (
          <ul className="cards">
            {nodes.map(({ id, user, by, reason, until }) => (
              <li key={id} className="card">
                <Avatar name={user.name} image={user.image} />
                <span className="card-text">
                  <span className="card-title">
                    <bdi>{user.name}</bdi>
                  </span>
                  <span className="card-facts">
                    {until ? t("until", { date: dateOf(new Date(until)) }) : t("hours0")} · {t("byName", { name: by.name })}
                    {reason && <bdi> · {reason}</bdi>}
                  </span>
                </span>
                <Button isSmall onClick={() => void lift(user.id)} disabled={isBusy}>
                  {t("unban")}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Listing>
    </section>
  );
}
