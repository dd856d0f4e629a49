import type { CodegenConfig } from "@graphql-codegen/cli";

/** Writes the operations of `operations/` with their types, from the schema of the server. */
const config: CodegenConfig = {
  schema: "../../schema.graphql",
  documents: ["operations/*.graphql"],
  generates: {
    "src/operations.generated.ts": { plugins: ["typescript-operations", "./codegen-operations.mjs"] },
  },
  config: {
    useTypeImports: true,
    enumsAsTypes: true,
    strictScalars: true,
    scalars: { ID: "string", Coins: "number", DateTime: "string", JSON: "unknown", Upload: "Blob | null" },
  },
};

export default config;
