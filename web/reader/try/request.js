/**
 * What the form says, as a request: `{ method, path, headers, body }`. Arrays in
 * the query repeat their name, unless the document wants them joined.
 */
export function buildRequest(operation, parameters, credentials, body) {
  const query = new URLSearchParams();
  const headers = [];
  let { path } = operation;
  for (const { parameter, values } of parameters) {
    const given = values();
    if (parameter.in === "path") path = path.replace(`{${parameter.name}}`, encodeURIComponent(given.join(",")) || `{${parameter.name}}`);
    else if (given.length === 0) continue;
    else if (parameter.in === "header") headers.push([parameter.name, given.join(", ")]);
    else if (parameter.in === "query" && parameter.explode === false) query.append(parameter.name, given.join(","));
    else if (parameter.in === "query") for (const value of given) query.append(parameter.name, value);
  }
  for (const { scheme, value } of credentials) {
    if (value === "") continue;
    if (scheme.type === "http") headers.push(["Authorization", `${capitalised(scheme.scheme)} ${value}`]);
    else if (scheme.in === "header") headers.push([scheme.name, value]);
    else if (scheme.in === "query") query.append(scheme.name, value);
  }
  // The browser itself writes the boundary of a multipart body.
  if (body && !body.type.startsWith("multipart/")) headers.push(["Content-Type", body.type]);
  const search = query.toString();
  return { method: operation.method.toUpperCase(), path: search ? `${path}?${search}` : path, headers, body };
}

function capitalised(word) {
  return word[0].toUpperCase() + word.slice(1);
}
