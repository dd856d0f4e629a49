import { operations } from "plaza:operations";
import { useConfirm } from "./dialog.jsx";
import { coins } from "./model/prices.js";
import { useDeed, usePlaza } from "./plaza.jsx";

/** How much voice is left today, and how to get more. */
export function LoungeBar({ lounge, onChanged }) {
  const { run, me, refreshMe } = usePlaza();
  const confirm = useConfirm();
  const { isBusy, refusal, attempt } = useDeed();
  const { allowance, subscriptionPrice } = lounge;
  if (!allowance) return null;
  async function subscribe() {
    const balance = me?.wallet.balance ?? subscriptionPrice;
    const isPossible = balance >= subscriptionPrice;
    const isSure = await confirm({
      title: `Hear ${lounge.name} without a limit?`,
      text: `${coins(subscriptionPrice)} are taken from your wallet now, for 30 days. You have ${coins(balance)}${isPossible ? "" : ", which is not enough"}.`,
      action: `Pay ${coins(subscriptionPrice)}`,
      isPossible,
    });
    if (!isSure) return;
    attempt(async () => {
      await run(operations.subscribe, { id: lounge.id, price: subscriptionPrice });
      refreshMe();
      await onChanged();
    });
  }
  return (
    <div className="bar">
      <span>{allowance.isUnlimited ? "Voice without a limit." : `${duration(allowance.leftSeconds)} of voice left today.`}</span>
      {!allowance.isUnlimited && subscriptionPrice > 0 && (
        <button type="button" className="button button-small" onClick={subscribe} disabled={isBusy}>
          30 days without a limit · {coins(subscriptionPrice)}
        </button>
      )}
      {refusal && <span className="refusal">{refusal}</span>}
    </div>
  );
}

function duration(seconds) {
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}
