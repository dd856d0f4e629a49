const TIME = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const WHOLE = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

/** A time: of the day where that is today, else the day. */
export function When({ at }) {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  return (
    <time className="when" dateTime={at} title={WHOLE.format(date)}>
      {(isToday ? TIME : DAY).format(date)}
    </time>
  );
}
