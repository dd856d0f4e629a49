/** The example operations, which `build/examples.mjs` reads from `playground/examples`. */
declare module "plaza:examples" {
  const examples: { slug: string; query: string; variables: unknown }[];
  export default examples;
}
