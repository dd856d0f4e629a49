/** The events after which a connection may have died unnoticed, and a wait is worth cutting short. */
const EVENTS = ["online", "pageshow", "visibilitychange"];

/** The part of a browser's page that says when it woke up. Other programs have none. */
interface Page extends EventTarget {
  document?: EventTarget & { visibilityState: string };
}

/** Calls `listener` when the device is online again or the page is looked at again. Returns a function that stops that. */
export function onWake(listener: () => void, page: Page = globalThis as unknown as Page): () => void {
  const { document } = page;
  if (!document) return () => {};
  const woken = () => {
    if (document.visibilityState === "visible") listener();
  };
  const targets = [page, document];
  for (const target of targets) for (const event of EVENTS) target.addEventListener(event, woken);
  return () => {
    for (const target of targets) for (const event of EVENTS) target.removeEventListener(event, woken);
  };
}
