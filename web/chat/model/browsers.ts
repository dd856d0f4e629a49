/** Browsers by a part of their user agent, the more specific first, because others contain the same part. */
const BROWSERS: [RegExp, string][] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/Firefox\//, "Firefox"],
  [/Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
  [/^curl\//, "curl"],
];
const SYSTEMS: [RegExp, string][] = [
  [/iPhone|iPad/, "iOS"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
];

/** The browser and system of a `User-Agent` header; an unknown one is its first word. */
export function browserOf(userAgent: string): { name: string; isPhone: boolean } {
  const known = (table: [RegExp, string][]) => table.find(([pattern]) => pattern.test(userAgent))?.[1];
  const browser = known(BROWSERS) ?? userAgent.split(/[/ ]/)[0] ?? "";
  const system = known(SYSTEMS);
  return { name: system ? `${browser} · ${system}` : browser, isPhone: /iPhone|Android.*Mobile/.test(userAgent) };
}
