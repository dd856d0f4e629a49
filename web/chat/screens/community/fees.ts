import type { Say } from "../../../i18n";

/** The price of joining and of each further 30 days. */
export function fees(t: Say<"community">, { joinFee, monthlyFee }: { joinFee: number; monthlyFee: number }): string {
  if (joinFee + monthlyFee === 0) return t("free");
  if (monthlyFee === 0) return t("feeJoin", { count: joinFee });
  if (joinFee === 0) return t("feeMonth", { count: monthlyFee });
  return t("feeBoth", { count: joinFee + monthlyFee, month: t("coins", { count: monthlyFee }) });
}
