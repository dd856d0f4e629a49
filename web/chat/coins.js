/** A price as people read it. */
export const coins = (amount) => (amount === 1 ? "1 coin" : `${amount} coins`);

/** What it costs to come in, and then each month. */
export function fees({ joinFee, monthlyFee }) {
  const parts = [joinFee > 0 && `${coins(joinFee)} to join`, monthlyFee > 0 && `${coins(monthlyFee)} a month`];
  return parts.filter(Boolean).join(", ") || "Free";
}
