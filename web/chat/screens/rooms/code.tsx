import type { Element, ElementContent, Root, Text } from "hast";
import { common, createLowlight } from "lowlight";
import { type ReactNode, useMemo } from "react";
import "./code.css";

const lowlight = createLowlight(common);

/** Code with its words coloured, where its language is known. */
export default function HighlightedCode({ text, language }: { text: string; language: string }) {
  const root = useMemo(() => (lowlight.registered(language) ? lowlight.highlight(language, text) : null), [text, language]);
  return root ? shown(root) : text;
}

function shown(node: Root | Element): ReactNode {
  return (node.children as (ElementContent | Text)[]).map((child, index) => {
    if (child.type === "text") return child.value;
    if (child.type !== "element") return null;
    const names = child.properties.className;
    return (
      <span key={index} className={Array.isArray(names) ? names.join(" ") : undefined}>
        {shown(child)}
      </span>
    );
  });
}
