/** The address of the playground that opens with an operation. It is in the fragment, which no server receives. */
export function playgroundLink(query: string, variables: unknown): string {
  const fragment = new URLSearchParams({ query: query.trim(), variables: JSON.stringify(variables, null, 2) });
  return `/playground#${fragment}`;
}

/** The operation in the fragment of such an address, or null. */
export function operationIn(fragment: string): { query: string; variables: string } | null {
  const values = new URLSearchParams(fragment.replace(/^#/, ""));
  const query = values.get("query");
  return query ? { query, variables: values.get("variables") ?? "" } : null;
}
