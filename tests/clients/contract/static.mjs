// How a check without a server ends.

/** Runs one check and prints what it found; a failure sets the exit code. */
export async function check(name, run) {
  try {
    const found = await run();
    console.log(`ok     ${name}${found ? `: ${found}` : ""}`);
  } catch (error) {
    console.error(`FAILED ${name}: ${error.stack}`);
    process.exitCode = 1;
  }
}
