import type { Access, OpenApi, Operation, Requirement, Scheme } from "./types";

const ADMIN = /^admin/i;

/**
 * Who may call an operation: "none", "optional", "user" or "admin". OpenAPI has
 * no word for an administrator; a scope or role of that name, a security scheme
 * of that name, or `x-required-role` says it.
 */
export function accessOf(operation: Pick<Operation, "security" | "source">, document: OpenApi): Access {
  const requirements = operation.security;
  const schemes = schemesOf(requirements, document);
  const role = operation.source["x-required-role"] ?? "";
  const isOpen = requirements.length === 0;
  const isOptional = requirements.some((requirement) => Object.keys(requirement).length === 0);
  const isAdmin = !isOpen && !isOptional && requirements.every((requirement) =>
    Object.entries(requirement).some(([name, scopes]) => ADMIN.test(name) || scopes.some((scope) => ADMIN.test(scope))));
  if (isAdmin || ADMIN.test(role)) return { level: "admin", schemes };
  if (isOpen) return { level: "none", schemes };
  return { level: isOptional ? "optional" : "user", schemes };
}

function schemesOf(requirements: Requirement[], document: OpenApi): Scheme[] {
  const names = new Set(requirements.flatMap((requirement) => Object.keys(requirement)));
  const known = document.components?.securitySchemes ?? {};
  return [...names].flatMap((name) => (known[name] ? [{ key: name, ...known[name] }] : []));
}
