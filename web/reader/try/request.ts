import type { Operation, Parameter } from "../document/types";
import type { Credential } from "./credentials";

/** A body that is sent: a text, a file, or the fields of a form. */
export interface SentBody {
  type: string;
  text?: string;
  file?: File | undefined;
  entries?: [string, string | File][];
}

export interface SentRequest {
  method: string;
  path: string;
  headers: [string, string][];
  body: SentBody | null;
}

/** A parameter and the values that are typed for it. */
export interface Given {
  parameter: Parameter;
  values: () => (string | File)[];
}

/**
 * Returns the form as a request: `{ method, path, headers, body }`. Arrays in
 * the query repeat their name, unless the document wants them joined.
 */
export function buildRequest(operation: Operation, parameters: Given[], credentials: Credential[], body: SentBody | null): SentRequest {
  const query = new URLSearchParams();
  const headers: [string, string][] = [];
  let { path } = operation;
  for (const { parameter, values } of parameters) {
    const given = values().map(String);
    if (parameter.in === "path") path = path.replace(`{${parameter.name}}`, encodeURIComponent(given.join(",")) || `{${parameter.name}}`);
    else if (given.length === 0) continue;
    else if (parameter.in === "header") headers.push([parameter.name, given.join(", ")]);
    else if (parameter.in === "query" && parameter.explode === false) query.append(parameter.name, given.join(","));
    else if (parameter.in === "query") for (const value of given) query.append(parameter.name, value);
  }
  for (const { scheme, value } of credentials) {
    if (value === "") continue;
    if (scheme.type === "http") headers.push(["Authorization", `${capitalised(scheme.scheme ?? "")} ${value}`]);
    else if (scheme.in === "header") headers.push([scheme.name ?? "", value]);
    else if (scheme.in === "query") query.append(scheme.name ?? "", value);
  }
  // The browser itself writes the boundary of a multipart body.
  if (body && !body.type.startsWith("multipart/")) headers.push(["Content-Type", body.type]);
  const search = query.toString();
  return { method: operation.method.toUpperCase(), path: search ? `${path}?${search}` : path, headers, body };
}

/** The members of a body: those of an object, or the fields of a form. */
export function membersOf(body: SentBody | null): Record<string, unknown> {
  if (body?.entries) return Object.fromEntries(body.entries);
  if (!body?.text || !/json/.test(body.type)) return {};
  try {
    const value = JSON.parse(body.text) as unknown;
    return value && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
  } catch {
    // It is being typed.
    return {};
  }
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
