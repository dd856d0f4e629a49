/** A schema of the document, or `true` for any value and `false` for none. */
export type SchemaNode = SchemaObject | boolean | null | undefined;

/** A JSON Schema, as far as the reader reads it. */
export interface SchemaObject {
  $ref?: string;
  allOf?: SchemaObject[];
  oneOf?: SchemaObject[];
  anyOf?: SchemaObject[];
  type?: string | string[];
  nullable?: boolean;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  example?: unknown;
  examples?: unknown[];
  description?: string;
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  multipleOf?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  maxProperties?: number;
  uniqueItems?: boolean;
  properties?: Record<string, SchemaNode>;
  required?: string[];
  items?: SchemaNode;
  additionalProperties?: SchemaNode;
  readOnly?: boolean;
  writeOnly?: boolean;
  deprecated?: boolean;
  contentMediaType?: string;
  contentEncoding?: string;
}

/** A field of an object. */
export interface SchemaField {
  name: string;
  node: SchemaNode;
  isRequired?: boolean;
  /** Whether the name stands for any name. */
  isPattern?: boolean;
}

/** A schema made plain, by `createSchemaReader`. */
export interface PlainSchema {
  types: string[];
  label: string;
  name?: string;
  description?: string;
  default?: unknown;
  schema?: SchemaObject;
  fields?: SchemaField[];
  items?: SchemaNode;
  values?: SchemaNode;
  variants?: SchemaNode[];
}

export type Direction = "request" | "response";

export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  deprecated?: boolean;
  description?: string;
  explode?: boolean;
  example?: unknown;
  schema?: SchemaNode;
}

export interface Media {
  schema?: SchemaNode;
  example?: unknown;
  examples?: Record<string, { summary?: string; value?: unknown }>;
}

export interface RequestBody {
  description?: string;
  required?: boolean;
  content?: Record<string, Media>;
}

export interface ResponseSource {
  description?: string;
  content?: Record<string, Media>;
  headers?: Record<string, { schema?: SchemaNode; description?: string }>;
  "x-error-codes"?: unknown[];
}

export interface Reply extends ResponseSource {
  status: string;
  codes: string[];
}

/** A way to prove who is there. */
export interface Scheme {
  key: string;
  type: string;
  in?: string;
  name?: string;
  scheme?: string;
  description?: string;
}

export type Requirement = Record<string, string[]>;

/** Where a variable of GraphQL is in a request. */
export interface VariableSource {
  type: string;
  in?: string;
  names?: string[];
  members?: Record<string, VariableSource>;
}

/** The operation of GraphQL that a path runs: `x-graphql`. */
export interface GraphqlOperation {
  document: string;
  stream?: string;
  variables: Record<string, VariableSource>;
}

export interface OperationSource {
  operationId?: string;
  tags?: string[];
  summary?: string;
  description?: string;
  deprecated?: boolean;
  parameters?: Parameter[];
  requestBody?: RequestBody;
  responses?: Record<string, ResponseSource>;
  security?: Requirement[];
  "x-required-role"?: string;
  "x-graphql"?: GraphqlOperation;
}

export interface PathItem extends Record<string, unknown> {
  description?: string;
  parameters?: Parameter[];
}

export interface OpenApi {
  info?: { title?: string; version?: string; description?: string };
  tags?: { name: string; description?: string }[];
  paths?: Record<string, PathItem>;
  security?: Requirement[];
  components?: { securitySchemes?: Record<string, Omit<Scheme, "key">> };
}

export interface Access {
  level: "none" | "optional" | "user" | "admin";
  schemes: Scheme[];
}

/** An operation of the document. */
export interface Operation {
  id: string;
  method: string;
  path: string;
  tag: string;
  summary: string;
  description: string;
  isDeprecated: boolean;
  parameters: Parameter[];
  requestBody: RequestBody | null;
  responses: Reply[];
  security: Requirement[];
  source: OperationSource;
  access: Access;
  graphql: GraphqlOperation | null;
}

export interface Group {
  name: string;
  description?: string;
  operations: Operation[];
}

/** Follows a local reference. */
export type Resolve = <Node>(node: Node) => Node;
export type Read = (node: SchemaNode) => PlainSchema;

export interface NamedExample {
  name: string;
  value: unknown;
}

/** The document and the ways to read it. */
export interface Reference {
  document: OpenApi;
  operations: Operation[];
  groups: Group[];
  resolve: Resolve;
  read: Read;
  exampleOf: (node: SchemaNode, direction: Direction) => unknown;
  mediaExamples: (media: Media, direction: Direction) => NamedExample[];
}
