interface Prices {
  joinFee: number;
  monthlyFee: number;
  viewerMembership: object | null;
}

/** Whole coins that joining takes now: the join fee and the first 30 days; those that were members pay the 30 days only. */
export function dueNow({ joinFee, monthlyFee, viewerMembership }: Prices): number {
  return viewerMembership ? monthlyFee : joinFee + monthlyFee;
}
