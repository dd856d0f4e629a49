import { useText, type Say } from "../../../i18n";
import { dateOf } from "../../../i18n/format";
import { Button, ButtonLink } from "../../../ui/button";
import { type Question, useConfirm } from "../../../ui/dialog";
import { ErrorNotice } from "../../../ui/notices";
import { useDeed, usePlaza } from "../../app/plaza";
import { go, toConversation, toDesk, WALLET } from "../../app/routes";
import { dueNow } from "../../model/prices";
import { fees } from "./fees";
import { JoinDocument, LeaveDocument, StartSupportDocument, StartTalkDocument } from "./operations.generated";
import type { Community } from "./use-community";

const SERVING = new Set(["CREATOR", "MODERATOR", "CS_AGENT"]);

/** The ways into a community, and out of it. */
export function Ways({ community, onChanged }: { community: Community; onChanged: () => void }) {
  const t = useText("community");
  const nav = useText("nav");
  const { run, me, refreshMe } = usePlaza();
  const { isBusy, refusal, attempt } = useDeed();
  const confirm = useConfirm();
  const { id, name, kind, conversation, viewerMembership } = community;
  const isCreator = viewerMembership?.role === "CREATOR";
  const isMember = isCreator || ["ACTIVE", "CANCELLED"].includes(viewerMembership?.subscriptionStatus ?? "");
  const due = dueNow(community);
  const look = kind === "CLUB" ? "primary" : "plain";

  const change = (deed: () => Promise<unknown>) =>
    attempt(() =>
      deed().finally(() => {
        // A price that has changed is shown as it is now.
        refreshMe();
        onChanged();
      }),
    );
  async function join() {
    const isSure = due === 0 || (await confirm(purchase(t, nav, community, due, me?.wallet.balance)));
    if (isSure) await change(() => run(JoinDocument, { id, total: due }));
  }
  async function leave() {
    const paidUntil = viewerMembership?.paidUntil;
    const isPaid = paidUntil && new Date(paidUntil) > new Date();
    const isSure = await confirm({
      title: t("leaveTitle", { name }),
      text: isPaid ? t("leavePaid", { date: dateOf(new Date(paidUntil)) }) : t("leaveText"),
      action: t("leave"),
      isDangerous: true,
    });
    if (isSure) await change(() => run(LeaveDocument, { id }));
  }
  const startSupport = () =>
    attempt(async () => {
      const { startSupportChat } = await run(StartSupportDocument, { id });
      if (startSupportChat) go(toConversation(startSupportChat.supportChat.conversationId));
    });
  const startTalk = () =>
    attempt(async () => {
      const { startLoungeChat } = await run(StartTalkDocument, { id });
      if (startLoungeChat) go(toConversation(startLoungeChat.conversation.id));
    });

  return (
    <div className="ways">
      {kind === "OFFICIAL" && (
        <Button look="primary" onClick={() => void startSupport()} disabled={isBusy}>
          {t("startSupport")}
        </Button>
      )}
      {kind === "OFFICIAL" && SERVING.has(viewerMembership?.role ?? "") && <ButtonLink href={toDesk(id)}>{t("serve")}</ButtonLink>}
      {kind === "LOUNGE" && (
        <Button look="primary" onClick={() => void startTalk()} disabled={isBusy}>
          {t("talk")}
        </Button>
      )}
      {isMember && conversation && (
        <ButtonLink look={look} href={toConversation(conversation.id)}>
          {t("openRoom")}
        </ButtonLink>
      )}
      {!isMember && (
        <Button look={look} onClick={() => void join()} disabled={isBusy}>
          {viewerMembership ? t("renew") : t("join")} · {due > 0 ? t("coins", { count: due }) : t("free")}
        </Button>
      )}
      {viewerMembership && !isCreator && (
        <Button onClick={() => void leave()} disabled={isBusy}>
          {t("leave")}
        </Button>
      )}
      {!isMember && (community.joinFee > 0 || community.monthlyFee > 0) && <p className="card-facts">{fees(t, community)}</p>}
      <ErrorNotice message={refusal} />
    </div>
  );
}

/** The confirmation before a payment: the price, its purpose and the balance. */
function purchase(t: Say<"community">, nav: Say<"nav">, community: Community, due: number, balance: number | undefined): Question {
  const { name, joinFee, monthlyFee, viewerMembership } = community;
  const isBoth = !viewerMembership && joinFee > 0 && monthlyFee > 0;
  const sum = isBoth
    ? t("takenBoth", { count: due, join: t("coins", { count: joinFee }), month: t("coins", { count: monthlyFee }) })
    : t("taken", { count: due });
  const isEnough = balance === undefined || balance >= due;
  const have = balance === undefined ? "" : t(isEnough ? "have" : "haveTooFew", { count: balance });
  return {
    title: t(viewerMembership ? "renewTitle" : "joinTitle", { name }),
    text: [sum, monthlyFee > 0 ? t("lasts") : "", have].filter(Boolean).join(" "),
    action: t("pay", { count: due }),
    isPossible: isEnough,
    instead: isEnough ? undefined : { label: nav("wallet"), href: WALLET },
  };
}
