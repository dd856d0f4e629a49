import { useState } from "react";
import { useText } from "../../../i18n";
import { Avatar } from "../../../ui/avatar";
import { Button } from "../../../ui/button";
import { useConfirm } from "../../../ui/dialog";
import { Select } from "../../../ui/field";
import { EmptyState, ErrorNotice } from "../../../ui/notices";
import { Listing, useListing } from "../../app/listing";
import { useDeed, usePlaza } from "../../app/plaza";
import { toCommunity } from "../../app/routes";
import type { CommunityStatus } from "../../schema.generated";
import { SuspensionDialog } from "./dialogs";
import { CommunitiesByStatusDocument, ReinstateCommunityDocument } from "./operations.generated";
import "../../../ui/cards.css";

const STATES: CommunityStatus[] = ["ACTIVE", "SUSPENDED", "ARCHIVED"];

/** All communities by their state, to suspend and to reinstate. */
export function Communities() {
  const t = useText("admin");
  const community = useText("community");
  const { run } = usePlaza();
  const confirm = useConfirm();
  const { isBusy, refusal, attempt } = useDeed();
  const [status, setStatus] = useState<CommunityStatus>("ACTIVE");
  const [suspended, setSuspended] = useState<{ id: string; name: string } | null>(null);
  const list = useListing(CommunitiesByStatusDocument, { status, first: 30 }, ({ communitiesByStatus }) => communitiesByStatus);
  const reinstate = async (id: string, name: string) => {
    const isSure = await confirm({ title: t("reinstateTitle", { name }), text: t("reinstateText"), action: t("reinstate") });
    if (isSure && (await attempt(() => run(ReinstateCommunityDocument, { id })))) list.refresh();
  };
  return (
    <>
      <div className="page-line">
        <Select label={t("state")} value={status} onChange={({ target }) => setStatus(target.value as CommunityStatus)}>
          {STATES.map((state) => (
            <option key={state} value={state}>
              {t(state)}
            </option>
          ))}
        </Select>
      </div>
      <ErrorNotice message={refusal} />
      <Listing list={list} empty={<EmptyState title={t("noCommunity")} />}>
        {(nodes) => (
          <ul className="cards">
            {nodes.map(({ id, name, kind, memberCount, creator }) => (
              <li key={id} className="card">
                <Avatar name={name} />
                <a className="card-text" href={toCommunity(id)}>
                  <span className="card-title">
                    <bdi>{name}</bdi>
                  </span>
                  <span className="card-facts">
                    {community(kind)} · {community("members", { count: memberCount })} · {community("by", { name: creator.name })}
                  </span>
                </a>
                {status === "ACTIVE" && (
                  <Button isSmall onClick={() => setSuspended({ id, name })}>
                    {t("suspend")}
                  </Button>
                )}
                {status === "SUSPENDED" && (
                  <Button isSmall disabled={isBusy} onClick={() => void reinstate(id, name)}>
                    {t("reinstate")}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Listing>
      {suspended && <SuspensionDialog community={suspended} onClose={() => setSuspended(null)} onDone={list.refresh} />}
    </>
  );
}
