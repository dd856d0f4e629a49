import { type ReactNode, useState } from "react";
import { Button } from "./button";
import "./split.css";

interface Props {
  /** Label of the switch between both parts on a narrow screen. */
  label: string;
  mainLabel: string;
  main: ReactNode;
  asideLabel: string;
  aside: ReactNode;
}

/** Two parts of a screen beside each other; where there is no room for both, one of them with buttons to choose. */
export function Split({ label, mainLabel, main, asideLabel, aside }: Props) {
  const [part, setPart] = useState<"main" | "aside">("main");
  return (
    <div className="split" data-part={part}>
      <div className="split-main">{main}</div>
      <aside className="split-aside" aria-label={asideLabel}>
        {aside}
      </aside>
      <div className="split-parts" role="group" aria-label={label}>
        <Button aria-pressed={part === "main"} onClick={() => setPart("main")}>
          {mainLabel}
        </Button>
        <Button aria-pressed={part === "aside"} onClick={() => setPart("aside")}>
          {asideLabel}
        </Button>
      </div>
    </div>
  );
}
