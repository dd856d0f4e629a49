import { useEffect, useState } from "react";

/** Milliseconds without a key before a search is asked. */
const PAUSE = 200;

/** A value as it was when it last rested, so that not each key asks the server. */
export function useDelayed<Value>(value: Value): Value {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), PAUSE);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}
