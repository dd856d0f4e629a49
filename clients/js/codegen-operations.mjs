// A plugin of graphql-codegen: each operation as a constant, with the fragments that it needs and the types of its answer and
// its variables.
import { Kind, print, visit } from "graphql";

const TYPE = { query: "Query", mutation: "Mutation", subscription: "Subscription" };

export function plugin(_schema, documents) {
  const definitions = documents.flatMap(({ document }) => document.definitions);
  const fragments = new Map(definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION).map((one) => [one.name.value, one]));
  const needed = (definition, known = new Set()) => {
    visit(definition, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (fragment && !known.has(fragment)) needed(fragment, known.add(fragment));
      },
    });
    return known;
  };
  const operations = definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  const lines = operations.map((one) => {
    const name = one.name.value;
    const type = `${name}${TYPE[one.operation]}`;
    const text = [one, ...needed(one)].map(print).join("\n\n");
    return `export const ${name}: Operation<${type}, ${type}Variables> = ${JSON.stringify(text)};`;
  });
  return { prepend: ['import type { Operation } from "./operation.js";'], content: lines.join("\n\n") };
}
