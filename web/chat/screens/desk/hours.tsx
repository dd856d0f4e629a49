import { Plus, X } from "lucide-react";
import { useState } from "react";
import { language, useText } from "../../../i18n";
import { Button, IconButton } from "../../../ui/button";
import { Checkbox } from "../../../ui/field";
import type { SupportHours, Weekday } from "../../schema.generated";
import "./hours.css";

type Opening = Pick<SupportHours, "day" | "opens" | "closes">;

const DAYS: Weekday[] = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];

/** The name of a day; the first of January 2024 was a Monday. */
const dayName = (day: Weekday) =>
  new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" }).format(new Date(Date.UTC(2024, 0, 1 + DAYS.indexOf(day))));

/** The hours that the fields of `Hours` give; null is always open. */
export function hoursOf(values: FormData): Opening[] | null {
  if (values.has("alwaysOpen")) return null;
  const [days, opens, closes] = ["day", "opens", "closes"].map((name) => values.getAll(name) as string[]);
  return (days ?? []).map((day, index) => ({ day: day as Weekday, opens: opens?.[index] ?? "", closes: closes?.[index] ?? "" }));
}

/** When the team serves: by day of the week, several times a day if need be, or always. */
export function Hours({ hours }: { hours: Opening[] | null }) {
  const t = useText("desk");
  const [isAlways, setAlways] = useState(hours === null);
  const [rows, setRows] = useState(() => (hours ?? []).map((opening, key) => ({ ...opening, key })));
  const add = (day: Weekday) => setRows((all) => [...all, { day, opens: "09:00", closes: "17:00", key: Math.max(-1, ...all.map(({ key }) => key)) + 1 }]);
  return (
    <fieldset>
      <legend>{t("hours")}</legend>
      <Checkbox label={t("alwaysOpen")} name="alwaysOpen" checked={isAlways} onChange={({ target }) => setAlways(target.checked)} />
      {!isAlways && (
        <ul className="hours">
          {DAYS.map((day) => (
            <li key={day}>
              <span className="hours-day">{dayName(day)}</span>
              <span className="hours-times">
                {rows.map(
                  (row) =>
                    row.day === day && (
                      <span key={row.key} className="hours-time">
                        <input type="hidden" name="day" value={day} />
                        <input className="input" type="time" name="opens" aria-label={t("opens", { day: dayName(day) })} defaultValue={row.opens} required />
                        –
                        <input className="input" type="time" name="closes" aria-label={t("closes", { day: dayName(day) })} defaultValue={row.closes} required />
                        <IconButton
                          label={t("removeHours", { day: dayName(day) })}
                          icon={<X size={17} aria-hidden="true" />}
                          onClick={() => setRows((all) => all.filter(({ key }) => key !== row.key))}
                        />
                      </span>
                    ),
                )}
                <Button isSmall look="quiet" onClick={() => add(day)}>
                  <Plus size={15} aria-hidden="true" /> {t("addHours")}
                  <span className="visually-hidden">{dayName(day)}</span>
                </Button>
              </span>
            </li>
          ))}
        </ul>
      )}
    </fieldset>
  );
}
