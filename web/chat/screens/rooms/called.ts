import type { User } from "../../app/account";
import type { Listed } from "../../app/inbox";

interface Named {
  kind: Listed["kind"];
  title: string;
  support?: { customer: { id: string; name: string } } | null;
}

type Kind = "customer" | "support" | "talk" | "space";

/** What a conversation is called: its customer, to a team; and what it is where a room has the same name. */
export function called({ kind, title, support }: Named, user: User): { title: string; kind?: Kind } {
  if (support && support.customer.id !== user.userId) return { title: support.customer.name, kind: "customer" };
  const kinds: Partial<Record<Named["kind"], Kind>> = { SUPPORT: "support", LOUNGE: "talk", SPACE_SESSION: "space" };
  return { title, kind: kinds[kind] };
}
