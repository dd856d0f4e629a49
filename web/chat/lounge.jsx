import { operations } from "plaza:operations";
import { coins } from "./coins.js";
import { useDeed, usePlaza } from "./plaza.jsx";

/** What is left to be heard today, and how to hear more. */
export function LoungeBar({ lounge, onChanged }) {
  const { run, refreshMe } = usePlaza();
  const { isBusy, refusal, attempt } = useDeed();
  const { allowance, subscriptionPrice } = lounge;
  if (!allowance) return null;
  const subscribe = () =>
    attempt(async () => {
      await run(operations.subscribe, { id: lounge.id, price: subscriptionPrice });
      refreshMe();
      await onChanged();
    });
  return (
    <div className="bar">
      <span>{allowance.isUnlimited ? "You hear without a limit." : `${duration(allowance.leftSeconds)} of voice left today.`}</span>
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
