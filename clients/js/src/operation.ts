/**
 * An operation with the types of its answer and its variables: a typed document of graphql-codegen (`documentMode: "string"`), one
 * of `plaza-client/operations`, or its text, whose types the caller then gives.
 */
export interface Operation<Data, Variables> {
  toString(): string;
  __apiType?: ((variables: Variables) => Data) | undefined;
}
