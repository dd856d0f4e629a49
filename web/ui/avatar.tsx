import "./avatar.css";

/**
 * The first letters of a name on a colour of its own, or the picture where it lies on this server. A picture of another host
 * is not shown: it would tell that host who reads what, and when.
 */
export function Avatar({ name, image, size = 38 }: { name: string; image?: string | null; size?: number }) {
  const style = { "--size": `${size}px`, "--hue": hue(name) } as React.CSSProperties;
  if (isOwn(image)) return <img className="avatar" style={style} src={image} alt="" loading="lazy" />;
  return (
    <span className="avatar" style={style} aria-hidden="true">
      {letters(name)}
    </span>
  );
}

function isOwn(image: string | null | undefined): image is string {
  if (!image) return false;
  return URL.canParse(image, location.href) && new URL(image, location.href).origin === location.origin;
}

function letters(name: string): string {
  const words = name.trim().split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : ""]
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toUpperCase();
}

function hue(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360;
  return sum;
}
