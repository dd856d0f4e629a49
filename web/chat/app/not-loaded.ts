/** A part of the page could not be loaded: the server was out of reach, or has other parts since. */
export class NotLoaded extends Error {}

/** Loads a part of the page. Throws `NotLoaded` where that fails. */
export async function loaded<Part>(load: () => Promise<Part>): Promise<Part> {
  try {
    return await load();
  } catch (cause) {
    throw new NotLoaded(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
