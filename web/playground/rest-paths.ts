import { type DocumentNode, getOperationAST, Kind, type OperationDefinitionNode, parse } from "graphql";

/** A path of REST that runs an operation. */
export interface RestPath {
  id: string;
  method: string;
  path: string;
}

interface OpenApi {
  paths: Record<string, Record<string, { operationId: string; "x-graphql"?: { document: string } }>>;
}

/** The paths of REST with the operations that they run. */
export class RestPaths {
  #paths: (RestPath & { fields: string })[] = [];

  static async load(): Promise<RestPaths> {
    const response = await fetch("/api/openapi.json");
    return new RestPaths((await response.json()) as OpenApi);
  }

  constructor({ paths }: OpenApi) {
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, { operationId: id, "x-graphql": graphql }] of Object.entries(methods)) {
        const operation = graphql && getOperationAST(parse(graphql.document));
        if (operation) this.#paths.push({ id, method, path, fields: fieldsOf(operation) });
      }
    }
  }

  /**
   * The paths that run the operation of this name in a text, or its first one: those with the same fields at the root, or the one
   * whose operation has the same name, too.
   */
  of(text: string, name: string | null | undefined): RestPath[] {
    const operation = operationOf(text, name);
    if (!operation) return [];
    const fields = fieldsOf(operation);
    const alike = this.#paths.filter((path) => path.fields === fields);
    const same = alike.filter(({ id }) => id === operation.name?.value);
    return same.length > 0 ? same : alike;
  }
}

/** The kind of an operation and its fields at the root, in one text. */
function fieldsOf({ operation, selectionSet }: OperationDefinitionNode): string {
  const names = selectionSet.selections.map((selection) => (selection.kind === Kind.FIELD ? selection.name.value : "…"));
  return [operation, ...names.sort()].join(" ");
}

function operationOf(text: string, name: string | null | undefined) {
  let document: DocumentNode;
  try {
    document = parse(text);
  } catch {
    // The text is being written.
    return undefined;
  }
  const named = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION && one.name?.value === name);
  const first = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION);
  return (named ?? first) as OperationDefinitionNode | undefined;
}
