import { useSyncExternalStore } from "react";
import { parse } from "./model/routes.js";

/** Where one is in the page: the name of its route, and the id of what is open there. */
export function usePlace() {
  const hash = useSyncExternalStore(
    (changed) => {
      addEventListener("hashchange", changed);
      return () => removeEventListener("hashchange", changed);
    },
    () => location.hash,
  );
  return parse(hash);
}

export function go(hash) {
  location.hash = hash;
}
