/** Sends a request to this server, with its cookie. */
export function send({ method, path, headers, body }, signal) {
  return fetch(path, { method, headers, body: payload(body), credentials: "same-origin", signal });
}

function payload(body) {
  if (!body) return undefined;
  if (body.text !== undefined) return body.text;
  if (!body.entries) return body.file;
  const data = body.type.startsWith("multipart/") ? new FormData() : new URLSearchParams();
  for (const [name, value] of body.entries) data.append(name, value);
  return data;
}
