import { useText } from "../i18n";
import { Avatar } from "./avatar";
import "./person.css";

/** A person's picture and name in a row of a list; null is an account that was deleted. */
export function Person({ user, name, size = 30 }: { user: { name: string; image?: string | null } | null | undefined; name?: string; size?: number }) {
  const t = useText("common");
  const shown = name ?? user?.name ?? t("deletedAccount");
  return (
    <span className="person">
      <Avatar name={shown} image={user?.image} size={size} />
      <bdi>{shown}</bdi>
    </span>
  );
}
