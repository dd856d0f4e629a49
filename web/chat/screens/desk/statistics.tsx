import { useText } from "../../../i18n";
import { durationOf, numberOf, shortDay } from "../../../i18n/format";
import { BarChart, Figures } from "../../../ui/figures";
import { ErrorNotice, Loading } from "../../../ui/notices";
import { useQuery } from "../../app/plaza";
import { StatisticsDocument } from "./operations.generated";

/** Statistics of a team: requests, response times and ratings. */
export function Statistics({ id }: { id: string }) {
  const t = useText("desk");
  const { data, error, refresh } = useQuery(StatisticsDocument, { id });
  const figures = data?.supportStatistics;
  if (!figures) return error ? <ErrorNotice message={error.message} onRetry={refresh} /> : <Loading />;
  const length = (seconds: number | null | undefined) => (typeof seconds === "number" ? durationOf(seconds) : "–");
  return (
    <>
      <Figures
        figures={[
          { name: t("waitingNow"), value: numberOf(figures.waitingNow) },
          { name: t("servedNow"), value: numberOf(figures.servedNow) },
          { name: t("requests"), value: numberOf(figures.episodes) },
          { name: t("solvedByAgent"), value: numberOf(figures.resolvedByAi), note: t("ofSolved", { count: figures.resolved }) },
          { name: t("firstResponse"), value: length(figures.firstResponseP50Seconds), note: t("slowest", { time: length(figures.firstResponseP90Seconds) }) },
          { name: t("breaches"), value: numberOf(figures.late) },
          {
            name: t("rating"),
            value: figures.rating ? numberOf(Math.round(figures.rating * 10) / 10) : "–",
            note: t("ratings", { count: figures.ratings }),
          },
        ]}
      />
      <BarChart
        title={t("requestsADay")}
        series={[t("byAgent"), t("byPeople"), t("unsolved")]}
        bars={figures.days.map(({ date, episodes, resolved, resolvedByAi }) => {
          const day = shortDay(new Date(`${date}T12:00:00`));
          return { label: day, mark: day, values: [resolvedByAi, Math.max(0, resolved - resolvedByAi), Math.max(0, episodes - resolved)] };
        })}
      />
    </>
  );
}
