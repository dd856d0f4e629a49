import { type ReactNode, useId } from "react";
import { useText } from "../i18n";
import { numberOf } from "../i18n/format";
import { Table } from "./table";
import "./figures.css";

/** Numbers that are looked at first, each with its name. */
export function Figures({ figures }: { figures: { name: string; value: ReactNode; note?: string }[] }) {
  return (
    <dl className="figures">
      {figures.map(({ name, value, note }) => (
        <div key={name} className="figure">
          <dt>{name}</dt>
          <dd>
            {value}
            {note && <span className="figure-note">{note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

export interface Bar {
  /** The full name of its place, such as a date. */
  label: string;
  /** Label below it. */
  mark: string;
  values: number[];
}

interface ChartProps {
  title: string;
  /** The names of the values of each bar, from the bottom. */
  series: string[];
  /** Text that follows the numbers above a bar, such as a unit. */
  unit?: string;
  bars: Bar[];
}

const HEIGHT = 120;

/** Bars with a table of the same numbers, for those who do not see them. */
export function BarChart({ title, series, unit = "", bars }: ChartProps) {
  const t = useText("common");
  const id = useId();
  const most = Math.max(1, ...bars.map(({ values }) => sum(values)));
  return (
    <figure className="chart" aria-labelledby={id}>
      <figcaption id={id}>
        <span className="chart-title">{title}</span>
        {series.length > 1 && (
          <span className="chart-legend">
            {series.map((name, index) => (
              <span key={name}>
                <span className="chart-key" data-series={index} aria-hidden="true" /> {name}
              </span>
            ))}
          </span>
        )}
        <span className="chart-most">{t("chartMost", { value: `${numberOf(most)}${unit && ` ${unit}`}` })}</span>
      </figcaption>
      <div className="chart-bars" style={{ height: HEIGHT }} aria-hidden="true">
        {bars.map(({ label, mark, values }) => (
          <div key={label} className="chart-column" title={`${label}: ${values.map(numberOf).join(" · ")} ${unit}`}>
            <div className="chart-stack">
              {values.map((value, index) => (
                <span key={series[index]} className="chart-bar" data-series={index} style={{ height: `${(value / most) * 100}%` }} />
              ))}
            </div>
            <span className="chart-mark">{mark}</span>
          </div>
        ))}
      </div>
      <details className="chart-table">
        <summary>{t("chartTable")}</summary>
        <Table
          label={title}
          rows={bars}
          keyOf={({ label }) => label}
          columns={[
            { title: t("day"), cell: ({ label }) => label },
            ...series.map((name, index) => ({
              title: name,
              isNumber: true,
              cell: ({ values }: Bar) => numberOf(values[index] ?? 0),
            })),
          ]}
        />
      </details>
    </figure>
  );
}

const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);
