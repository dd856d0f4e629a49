import { createContext, type ReactNode, use } from "react";
import { splitHits } from "../../model/hits";

const Searched = createContext("");

/** Marks the words that are searched for in all texts inside. */
export function Words({ value, children }: { value: string; children: ReactNode }) {
  return <Searched value={value.trim()}>{children}</Searched>;
}

/** A text in which what is searched for is marked. */
export function Highlighted({ text }: { text: string }) {
  const words = use(Searched);
  if (!words) return text;
  return splitHits(text, words).map((part, index) => (part.isHit ? <mark key={index}>{part.text}</mark> : part.text));
}
