import type { ReactNode } from "react";
import "./tag.css";

/** A word about a thing, such as its state. */
export function Tag({ tone = "plain", children }: { tone?: "plain" | "warning" | "faint"; children: ReactNode }) {
  return (
    <span className="tag" data-tone={tone}>
      {children}
    </span>
  );
}

/** A number that asks to be looked at. */
export function Badge({ count, label }: { count: number; label: string }) {
  return (
    <span className="badge">
      <span aria-hidden="true">{count > 99 ? "99+" : count}</span>
      <span className="visually-hidden">{label}</span>
    </span>
  );
}
