import { Laptop, Smartphone } from "lucide-react";
import { useText } from "../../../i18n";
import { Button } from "../../../ui/button";
import { ErrorNotice } from "../../../ui/notices";
import { Tag } from "../../../ui/tag";
import { When } from "../../../ui/when";
import { type Listed, Listing } from "../../app/listing";
import { useDeed, usePlaza } from "../../app/plaza";
import { browserOf } from "../../model/browsers";
import { RevokeSessionDocument, type SignInsQuery } from "./operations.generated";
import "../../../ui/cards.css";

type SignIn = NonNullable<SignInsQuery["viewer"]>["sessions"]["nodes"][number];

/** The sign-in sessions of the account. */
export function Sessions({ list }: { list: Listed<SignIn> }) {
  const t = useText("account");
  const { run } = usePlaza();
  const { isBusy, refusal, attempt } = useDeed();
  const end = async (id: string) => {
    if (await attempt(() => run(RevokeSessionDocument, { id }))) list.refresh();
  };
  return (
    <section>
      <h2>{t("sessions")}</h2>
      <ErrorNotice message={refusal} />
      <Listing list={list} empty={null}>
        {(sessions) => (
          <ul className="cards">
            {sessions.map(({ id, isCurrent: current, ipAddress, userAgent, updatedAt }) => {
              const { name, isPhone } = browserOf(userAgent ?? "");
              const Icon = isPhone ? Smartphone : Laptop;
              return (
                <li key={id} className="card">
                  <Icon size={22} aria-hidden="true" />
                  <span className="card-text">
                    <span className="card-title">
                      <bdi>{name || t("unknownDevice")}</bdi> {current && <Tag>{t("thisDevice")}</Tag>}
                    </span>
                    <span className="card-facts">
                      <bdi>{ipAddress}</bdi> <When at={updatedAt} />
                    </span>
                  </span>
                  {!current && (
                    <Button isSmall onClick={() => void end(id)} disabled={isBusy}>
                      {t("endSession")}
                    </Button>
                  )}
                </li>
              );
            })}
          </ul>
        )}
      </Listing>
    </section>
  );
}
