import "./one-line.css";

/** A text on one line: it begins at the side where the page's lines begin, and is cut at its own end, whatever its direction. */
export function OneLine({ text }: { text: string }) {
  return (
    <span className="one-line" dir="auto">
      {text}
    </span>
  );
}
