import { useEffect, useState } from "react";
import { durationOf, wholeTime } from "../i18n/format";

/** Milliseconds after which a time that passes is written anew. */
const TICK = 15_000;

/** The time since a moment, kept up to date. */
export function Since({ at }: { at: string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK);
    return () => clearInterval(timer);
  }, []);
  const date = new Date(at);
  return (
    <time className="when" dateTime={at} title={wholeTime(date)}>
      {durationOf(Math.max(0, (now - date.getTime()) / 1000))}
    </time>
  );
}
