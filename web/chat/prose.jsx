import { splitLinks } from "./model/links.js";
import { splitMention } from "./model/mentions.js";

/** What was written, its lines kept and its addresses to be followed. The call of an agent by name stands out. Nothing in it becomes markup. */
export function Prose({ text, called = null }) {
  return (
    <div className="prose" dir="auto">
      {splitMention(text, called).map((part, index) =>
        part.isMention ? (
          <mark key={index} className="mention">
            {part.text}
          </mark>
        ) : (
          <Linked key={index} text={part.text} />
        ),
      )}
    </div>
  );
}

function Linked({ text }) {
  return splitLinks(text).map((part, index) =>
    part.href ? (
      <a key={index} href={part.href} target="_blank" rel="noopener noreferrer nofollow">
        {part.text}
      </a>
    ) : (
      part.text
    ),
  );
}
