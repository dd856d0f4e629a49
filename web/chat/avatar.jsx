/** The first letters of a name on a colour of its own. */
export function Avatar({ name, image }) {
  if (image) return <img className="avatar" src={image} alt="" loading="lazy" referrerPolicy="no-referrer" />;
  return (
    <span className="avatar" style={{ "--hue": hue(name) }} aria-hidden="true">
      {letters(name)}
    </span>
  );
}

function letters(name) {
  const words = name.trim().split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => [...word][0] ?? "").join("").toUpperCase();
}

function hue(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 360;
  return sum;
}
