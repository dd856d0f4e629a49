import { useText } from "../../../i18n";
import { numberOf, shortDay, unitOf } from "../../../i18n/format";
import { BarChart, Figures } from "../../../ui/figures";
import { ErrorNotice, Loading } from "../../../ui/notices";
import { useQuery } from "../../app/plaza";
import { DashboardDocument } from "./operations.generated";

/** Statistics of a lounge: listeners, minutes and earnings by day. */
export function Dashboard({ id }: { id: string }) {
  const t = useText("manage");
  const { data, error, refresh } = useQuery(DashboardDocument, { id });
  const board = data?.loungeDashboard;
  if (!board) return error ? <ErrorNotice message={error.message} onRetry={refresh} /> : <Loading />;
  // A date without a time of day is one of the lounge's days, not an instant.
  const days = board.days.map((day) => ({ ...day, mark: shortDay(new Date(`${day.date}T12:00:00`)) }));
  const sum = (pick: (day: (typeof days)[number]) => number) => days.reduce((all, day) => all + pick(day), 0);
  const minutes = (seconds: number) => Math.round(seconds / 6) / 10;
  const bars = (pick: (day: (typeof days)[number]) => number) =>
    days.map((day) => ({ label: day.mark, mark: day.mark, values: [pick(day)] }));
  return (
    <>
      <Figures
        figures={[
          { name: t("listeners"), value: numberOf(board.memberCount) },
          { name: t("subscriptions"), value: numberOf(board.activeSubscriptions) },
          { name: t("talks"), value: numberOf(board.totalConversations) },
          { name: t("minutesToday"), value: unitOf(minutes(board.todayUsageSeconds), "minute") },
          { name: t("earned28"), value: numberOf(sum(({ earnings }) => earnings)) },
        ]}
      />
      <BarChart
        title={t("minutesADay")}
        series={[t("minutes")]}
        bars={bars(({ usageSeconds }) => minutes(usageSeconds))}
      />
      <BarChart title={t("earningsADay")} series={[t("earnings")]} bars={bars(({ earnings }) => earnings)} />
      <BarChart title={t("subscriptionsADay")} series={[t("subscriptions")]} bars={bars(({ subscriptions }) => subscriptions)} />
    </>
  );
}
