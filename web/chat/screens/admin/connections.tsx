import { useState } from "react";
import { useText } from "../../../i18n";
import { wholeTime } from "../../../i18n/format";
import { Avatar } from "../../../ui/avatar";
import { Button } from "../../../ui/button";
import { useConfirm } from "../../../ui/dialog";
import { EmptyState, ErrorNotice } from "../../../ui/notices";
import { Listing, useListing } from "../../app/listing";
import { useDeed, usePlaza } from "../../app/plaza";
import { EndConnectionDocument, OpenConnectionsDocument } from "./operations.generated";
import "../../../ui/cards.css";

/** The open sockets and event streams of all servers, to end one. */
export function Connections() {
  const t = useText("admin");
  const { run } = usePlaza();
  const confirm = useConfirm();
  const { isBusy, refusal, attempt } = useDeed();
  const [silent, setSilent] = useState(0);
  const list = useListing(OpenConnectionsDocument, { first: 30 }, ({ openConnections }) => {
    setSilent(openConnections?.silentServerIds.length ?? 0);
    return openConnections;
  });
  const end = async (id: string) => {
    const isSure = await confirm({ title: t("endTitle"), text: t("endText"), action: t("end") });
    if (isSure && (await attempt(() => run(EndConnectionDocument, { id })))) list.refresh();
  };
  return (
    <>
      <ErrorNotice message={refusal ?? (silent > 0 ? t("silentServers", { count: silent }) : null)} />
      <Listing list={list} empty={<EmptyState title={t("noConnection")} />}>
        {(nodes) => (
          <ul className="cards">
            {nodes.map(({ id, kind, user, address, openedAt, subscriptionCount }) => (
              <li key={id} className="card">
                <Avatar name={user?.name ?? "?"} />
                <span className="card-text">
                  <span className="card-title">
                    <bdi>{user?.name ?? t("signedOut")}</bdi>
                  </span>
                  <span className="card-facts">
                    {t(kind)} · <bdi>{address ?? "?"}</bdi> · {wholeTime(new Date(openedAt))} ·{" "}
                    {t("subscriptions", { count: subscriptionCount })}
                  </span>
                </span>
                <Button isSmall disabled={isBusy} onClick={() => void end(id)}>
                  {t("end")}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Listing>
    </>
  );
}
