import { AudioLines, Headset, Users } from "lucide-react";
import { useId } from "react";
import { useText } from "../../../i18n";
import type { CommunityKind } from "../../schema.generated";
import "./manage.css";

const KINDS = [
  { kind: "CLUB", icon: Users },
  { kind: "OFFICIAL", icon: Headset },
  { kind: "LOUNGE", icon: AudioLines },
] as const;

/** The kinds of communities, each with what it is for. */
export function Kinds({ value, onChange }: { value: CommunityKind; onChange: (kind: CommunityKind) => void }) {
  const t = useText("manage");
  const community = useText("community");
  const name = useId();
  return (
    <fieldset className="kind-choice">
      <legend>{t("kind")}</legend>
      {KINDS.map(({ kind, icon: Icon }) => (
        <label key={kind} className="kind" data-chosen={kind === value}>
          <input type="radio" name={name} value={kind} checked={kind === value} onChange={() => onChange(kind)} />
          <Icon size={22} aria-hidden="true" />
          <span>
            <strong>{community(kind)}</strong>
            <span className="card-facts">{t(kind)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
