// What the checks share: where the server is, and how a check ends.
import assert from "node:assert/strict";

export { assert };

if (!process.env.PLAZA_URL) {
  console.error("PLAZA_URL is not set: give the address of a running server, such as http://127.0.0.1:8080");
  process.exit(2);
}

/** The origin of the server under test, without a slash at the end. */
export const ORIGIN = new URL(process.env.PLAZA_URL).origin;

/** Runs one check, prints what it found, and ends the process with its verdict, after so many milliseconds at the latest. */
export async function check(name, run, milliseconds = 180_000) {
  const limit = setTimeout(() => {
    console.error(`FAILED ${name}: no verdict after ${milliseconds / 1000} s`);
    process.exit(1);
  }, milliseconds);
  try {
    const found = await run();
    console.log(`ok     ${name}${found ? `: ${found}` : ""}`);
    process.exitCode = 0;
  } catch (error) {
    console.error(`FAILED ${name}: ${error.code === "ERR_ASSERTION" ? error.message : error.stack}`);
    if (error.cause) console.error(error.cause);
    process.exitCode = 1;
  } finally {
    clearTimeout(limit);
  }
}

/** One named part of a check: a failure says which part it was. */
export async function part(name, run) {
  try {
    const result = await run();
    console.log(`       ${name}`);
    return result;
  } catch (error) {
    error.message = `${name}: ${error.message}`;
    throw error;
  }
}
