// The audits of the GraphQL-over-HTTP specification, by the package that
// defines them. Recommendations count as much as requirements.
import { auditServer } from "graphql-http";
import { assert, check, ORIGIN } from "./check.mjs";

const AUDITS = 61;

await check("graphql-http audits", async () => {
  const results = await auditServer({ url: `${ORIGIN}/graphql` });
  const failed = results.filter(({ status }) => status !== "ok");
  for (const { id, name, status, reason, response } of failed) {
    console.error(`       ${status.padEnd(6)} ${id} ${name}: ${reason}`);
    if (response) console.error(`              answered ${response.status} ${response.headers.get("content-type") ?? "without a content type"}`);
  }
  assert.equal(failed.length, 0, `${failed.length} of ${results.length} audits are not ok`);
  assert.equal(results.length, AUDITS, "the number of audits has changed");
  return `${results.length} of ${AUDITS} ok`;
});
