/** The pages by their addresses. */
const PAGES = { "/": "/start.html", "/chat": "/chat.html", "/playground": "/playground.html", "/api/docs": "/reader.html" };

/** Gives the pages of the development server the addresses that they have on a server of Plaza. */
export function pageAddresses() {
  return {
    name: "page-addresses",
    configureServer(server) {
      server.middlewares.use((request, _, next) => {
        const [path, query] = request.url.split("?");
        const file = PAGES[path] ?? (path.startsWith("/assets/") ? path.slice("/assets".length) : path);
        request.url = query === undefined ? file : `${file}?${query}`;
        next();
      });
    },
  };
}
