import { Refusal, Unreachable } from "plaza-client";
import { language, useText } from "../../i18n";
import type refusals from "../../i18n/en/refusal";

type Known = keyof typeof refusals;

/**
 * Gives an error the words of the viewer's language, where its code has one clear meaning. English keeps the words of the server,
 * which say more.
 */
export function inWords<Failure>(error: Failure): Failure {
  const known = error instanceof Unreachable ? "unreachable" : error instanceof Refusal && language !== "en" ? error.code : undefined;
  if (known === undefined || !(error instanceof Error)) return error;
  // A text is found without a component: it is that of the page's one language.
  // eslint-disable-next-line react-hooks/rules-of-hooks -- it calls no hook of React
  const text = useText("refusal")(known as Known);
  if (text !== known) error.message = text;
  return error;
}

/** Throws an error in the words of the viewer's language. */
export function rethrow(error: unknown): never {
  throw inWords(error);
}
