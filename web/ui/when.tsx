import { shortDay, timeOf, wholeTime } from "../i18n/format";
import "./when.css";

/** A time: of the day if that is today, else the day. `isTime` shows the time of the day in any case. */
export function When({ at, isTime = false }: { at: string; isTime?: boolean }) {
  const date = new Date(at);
  const isToday = isTime || date.toDateString() === new Date().toDateString();
  return (
    <time className="when" dateTime={at} title={wholeTime(date)}>
      {isToday ? timeOf(date) : shortDay(date)}
    </time>
  );
}
