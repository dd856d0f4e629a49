import type { CodegenConfig } from "@graphql-codegen/cli";

/** Writes the types of each `operations.graphql` beside it, from the schema of the server. */
const config: CodegenConfig = {
  schema: "../schema.graphql",
  documents: ["chat/**/*.graphql"],
  generates: {
    "chat/": {
      preset: "near-operation-file",
      presetConfig: { extension: ".generated.ts", baseTypesPath: "schema.generated.ts" },
      plugins: ["typescript-operations", "typed-document-node"],
    },
    "chat/schema.generated.ts": { plugins: ["typescript"] },
  },
  config: {
    documentMode: "string",
    useTypeImports: true,
    enumsAsTypes: true,
    strictScalars: true,
    scalars: { ID: "string", Coins: "number", DateTime: "string", JSON: "unknown", Upload: "Blob | null" },
  },
};

export default config;
