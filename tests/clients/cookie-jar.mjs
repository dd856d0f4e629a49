/** Keeps the cookies of one origin, as a browser would between requests. */
export class CookieJar {
  #cookies = new Map();

  get size() {
    return this.#cookies.size;
  }

  get(name) {
    return this.#cookies.get(name);
  }

  header() {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  /** A `fetch` that sends the kept cookies and keeps those it is given. */
  fetch = async (input, init = {}) => {
    const headers = new Headers(init.headers);
    if (this.size > 0) headers.set("cookie", this.header());
    const response = await fetch(input, { ...init, headers });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    return response;
  };

  #keep(line) {
    const [pair, ...attributes] = line.split(";").map((piece) => piece.trim());
    const at = pair.indexOf("=");
    const name = pair.slice(0, at);
    const value = pair.slice(at + 1);
    const expired = attributes.some((attribute) => {
      const [key, given] = attribute.split("=");
      if (/^max-age$/i.test(key)) return Number(given) <= 0;
      if (/^expires$/i.test(key)) return Date.parse(given) <= Date.now();
      return false;
    });
    if (expired || value === "") this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}
