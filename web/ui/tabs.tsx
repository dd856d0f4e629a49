import { Tabs as Radix } from "radix-ui";
import { type ReactNode, useEffect, useRef } from "react";
import "./tabs.css";

interface Tab {
  id: string;
  label: string;
  content: ReactNode;
}

/** Parts of a screen of which one is shown. The arrow keys go from tab to tab. */
export function Tabs({ label, tabs, value, onChange }: { label: string; tabs: Tab[]; value?: string; onChange?: (id: string) => void }) {
  // An address may name a tab that is not, or no longer, there.
  const shown = tabs.some(({ id }) => id === value) ? value : value && tabs[0]?.id;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // On a narrow screen it may be beyond the edge.
    list.current?.querySelector("[data-state='active']")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [shown]);
  return (
    <Radix.Root className="tabs" defaultValue={tabs[0]?.id} value={shown} onValueChange={onChange} dir={document.dir as "ltr" | "rtl"}>
      <Radix.List ref={list} className="tabs-list" aria-label={label}>
        {tabs.map(({ id, label }) => (
          <Radix.Trigger key={id} className="tab" value={id}>
            {label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map(({ id, content }) => (
        <Radix.Content key={id} className="tab-content" value={id}>
          {content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
