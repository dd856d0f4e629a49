const LINK = /(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]])/g;

/** What somebody wrote, its lines kept and its addresses to be followed. Nothing in it becomes markup. */
export function Prose({ text }) {
  return (
    <div className="prose" dir="auto">
      {text.split(LINK).map((part, index) =>
        index % 2 === 0 ? (
          part
        ) : (
          <a key={index} href={part} target="_blank" rel="noopener noreferrer nofollow">
            {part}
          </a>
        ),
      )}
    </div>
  );
}
