const ENDPOINT = "/graphql";

/** Sends one GraphQL request and returns its result, errors included. */
export async function post(body, headers = {}) {
  const response = await reach({
    method: "POST",
    credentials: "include",
    headers: {
      "content-type": "application/json",
      accept: "application/graphql-response+json, application/json",
      ...headers,
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    // A proxy or a limit in front of the endpoint answers in plain text.
    throw new Error(text.trim() || `The server answered ${response.status} ${response.statusText}`.trim());
  }
}

/** `fetch` says in each browser's own words that nobody answers; this says what that means. */
async function reach(options) {
  try {
    return await fetch(ENDPOINT, options);
  } catch (cause) {
    throw new Error("The server cannot be reached.", { cause });
  }
}

/** Sends one operation and returns its data, or throws its first error. */
export async function request(query, variables) {
  const { data, errors } = await post({ query, variables });
  if (errors?.length) throw new Error(errors[0].message);
  if (!data) throw new Error("The server sent no data.");
  return data;
}
