import type { User } from "../../app/account";
import type { Listed } from "../../app/inbox";

interface Named {
  kind: Listed["kind"];
  title: string;
  support?: { customer: { id: string; name: string } } | null;
}

type Kind = "customer" | "support" | "talk" | "space";

/** The title of a conversation: for a team its customer; with its kind if a room has the same name. */
export function called({ kind, title, support }: Named, user: User): { title: string; kind?: Kind } {
  if (support && support.customer.id !== user.userId) return { title: support.customer.name, kind: "customer" };
  const kinds: Partial<Record<Named["kind"], Kind>> = { SUPPORT: "support", LOUNGE: "talk", SPACE_SESSION: "space" };
  return { title, kind: kinds[kind] };
}
