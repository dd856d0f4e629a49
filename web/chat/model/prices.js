/** A price as people read it. */
export const coins = (amount) => (amount === 1 ? "1 coin" : `${amount} coins`);

/** Whole coins that joining takes now: the join fee and the first 30 days; those that were members pay the 30 days only. */
export function dueNow({ joinFee, monthlyFee, viewerMembership }) {
  return viewerMembership ? monthlyFee : joinFee + monthlyFee;
}

/** What joining costs, then each 30 days. */
export function fees({ joinFee, monthlyFee }) {
  if (joinFee + monthlyFee === 0) return "Free";
  if (monthlyFee === 0) return `${coins(joinFee)} to join`;
  if (joinFee === 0) return `${coins(monthlyFee)} for each 30 days`;
  return `${coins(joinFee + monthlyFee)} to join, then ${coins(monthlyFee)} for each further 30 days`;
}
