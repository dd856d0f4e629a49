import { useText } from "../../../i18n";
import { Button } from "../../../ui/button";
import { useConfirm } from "../../../ui/dialog";
import { useDeed, usePlaza } from "../../app/plaza";
import type { Community } from "../community/use-community";
import { SubscribeDocument } from "./operations.generated";

type Lounge = Extract<Community, { __typename: "Lounge" }>;

/** The remaining voice time of today, and the offer of a subscription. */
export function LoungeBar({ lounge, onChanged }: { lounge: Lounge; onChanged: () => void }) {
  const t = useText("lounge");
  const { run, me, refreshMe } = usePlaza();
  const confirm = useConfirm();
  const { isBusy, refusal, attempt } = useDeed();
  const { allowance, subscriptionPrice: price } = lounge;
  if (!allowance) return null;
  async function subscribe() {
    const balance = me?.wallet.balance ?? price;
    const isPossible = balance >= price;
    const isSure = await confirm({
      title: t("subscribeTitle", { name: lounge.name }),
      text: `${t("taken", { count: price })} ${t(isPossible ? "have" : "haveTooFew", { count: balance })}`,
      action: t("pay", { count: price }),
      isPossible,
    });
    if (!isSure) return;
    await attempt(async () => {
      await run(SubscribeDocument, { id: lounge.id, price });
      refreshMe();
      onChanged();
    });
  }
  const seconds = allowance.leftSeconds ?? 0;
  const minutes = Math.floor(seconds / 60);
  return (
    <div className="bar">
      <span>
        {allowance.isUnlimited ? t("unlimited") : t("left", { minutes, seconds: seconds % 60 })}
      </span>
      {!allowance.isUnlimited && price > 0 && (
        <Button isSmall onClick={() => void subscribe()} disabled={isBusy}>
          {t("subscribe", { count: price })}
        </Button>
      )}
      {refusal && <span className="refusal">{refusal}</span>}
    </div>
  );
}
