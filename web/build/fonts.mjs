/**
 * GraphiQL's sheet embeds Roboto and Fira Code, nine tenths of its size. The
 * pages use the fonts of the system instead.
 */
export function withoutFonts() {
  return {
    name: "without-fonts",
    enforce: "pre",
    transform: {
      filter: { id: /graphiql[\\/]dist[\\/]style\.css/ },
      handler: (code) => ({ code: code.replace(/@font-face\s*\{[^}]*\}/g, ""), map: null }),
    },
  };
}
