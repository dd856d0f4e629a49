import { language } from ".";

/** Times and numbers as the page's language writes them. The formatters are made once: that is slow. */
const formats = new Map<string, Intl.DateTimeFormat>();

function format(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const known = formats.get(name);
  if (known) return known;
  const made = new Intl.DateTimeFormat(language, options);
  formats.set(name, made);
  return made;
}

/** `14:05` */
export const timeOf = (date: Date): string => format("time", { hour: "2-digit", minute: "2-digit" }).format(date);

/** `3 May` */
export const shortDay = (date: Date): string => format("short", { day: "numeric", month: "short" }).format(date);

/** `Friday, 3 May 2026` */
export const longDay = (date: Date): string =>
  format("day", { weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(date);

/** `Friday, 3 May 2026 at 14:05:12` */
export const wholeTime = (date: Date): string => format("whole", { dateStyle: "full", timeStyle: "medium" }).format(date);

/** `3 May 2026` */
export const dateOf = (date: Date): string => format("date", { dateStyle: "long" }).format(date);

export const numberOf = (value: number): string => new Intl.NumberFormat(language).format(value);

/** `Ada, Ben and Cem` */
export const listOf = (parts: string[]): string => new Intl.ListFormat(language).format(parts);

/** `5 min`, `2 hr` */
export const unitOf = (value: number, unit: "second" | "minute" | "hour" | "day"): string =>
  new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 }).format(value);

/** A length of time in its largest fitting unit. */
export function durationOf(seconds: number): string {
  if (seconds < 60) return unitOf(Math.round(seconds), "second");
  if (seconds < 3600) return unitOf(Math.round(seconds / 60), "minute");
  if (seconds < 86_400) return unitOf(Math.round(seconds / 360) / 10, "hour");
  return unitOf(Math.round(seconds / 8640) / 10, "day");
}
