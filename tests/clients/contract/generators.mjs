// Generators of clients, and the compiler on what they make: graphql-codegen over every document of the pages and of Relay's check,
// openapi-typescript over the REST document, with calls of the typed client.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { assert, check, ORIGIN, part } from "../check.mjs";
import { signIn } from "../live.mjs";
import { folder, HERE, SCHEMA, tool } from "./tool.mjs";

const OPTIONS = ["--noEmit", "--strict", "--skipLibCheck", "--module", "esnext", "--moduleResolution", "bundler", "--target", "es2022"];

await check("generators", async () => {
  await part("graphql-codegen and tsc take the documents of the playground", () => {
    const out = folder("codegen");
    const config = {
      schema: SCHEMA,
      documents: [join(HERE, "../../../web/playground/examples/*.graphql")],
      generates: { [`${out}/`]: { preset: "client", config: { strictScalars: true, useTypeImports: true, scalars: { Coins: "number", DateTime: "string", JSON: "unknown", Upload: "Blob" } } } },
    };
    writeFileSync(join(out, "codegen.json"), JSON.stringify(config));
    tool("graphql-codegen", "--config", join(out, "codegen.json"));
    tool("tsc", ...OPTIONS, join(out, "graphql.ts"));
  });
  const out = folder("openapi");
  await part("openapi-typescript and tsc take the REST document", async () => {
    const document = await fetch(`${ORIGIN}/api/openapi.json`);
    writeFileSync(join(out, "openapi.json"), await document.text());
    tool("openapi-typescript", join(out, "openapi.json"), "--output", join(out, "paths.d.ts"));
    writeFileSync(join(out, "calls.ts"), readFileSync(join(HERE, "calls.ts")));
    tool("tsc", ...OPTIONS, join(out, "calls.ts"));
  });
  await part("the typed client calls", async () => {
    tool("tsc", ...OPTIONS.filter((option) => option !== "--noEmit"), "--outDir", out, join(out, "calls.ts"));
    const env = { ...process.env, TOKEN: await signIn(), ORIGIN };
    const said = execFileSync(process.execPath, [join(out, "calls.js")], { env, encoding: "utf8" });
    assert.equal(said.trim(), "done");
  });
});
