/**
 * GraphiQL titles its icons after the names of their functions, which do not
 * outlive minification. Writing the names down costs far less than keeping
 * every name in the bundle.
 */
export function namedIcons() {
  return {
    name: "named-icons",
    transform: {
      filter: { id: /@graphiql[\\/]react[\\/]dist[\\/]icons[\\/]index\.js/ },
      handler: (code) => ({
        code: code.replace(/generateIcon\((Svg\w+)\)/g, 'generateIcon(Object.defineProperty($1, "name", { value: "$1" }))'),
        map: null,
      }),
    },
  };
}
