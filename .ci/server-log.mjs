// Is a server's output sane? Every line that looks like JSON is JSON, nothing
// panicked, nothing was an error, no answer was a 5xx, no password is in it.
import { readFileSync } from "node:fs";

// The password that tests/clients/better-auth.mjs signs up with.
const SECRET = "never-in-a-log-7f3a";

const faults = [];
let records = 0;

function judge(line, where) {
  if (/panicked at/.test(line)) faults.push(`${where}: a panic: ${line}`);
  if (line.includes(SECRET)) faults.push(`${where}: a password`);
  if (!line.startsWith("{")) return;
  let record;
  try {
    record = JSON.parse(line);
  } catch {
    faults.push(`${where}: not JSON: ${line}`);
    return;
  }
  records += 1;
  if (/^error$/i.test(record.level ?? "")) faults.push(`${where}: an error: ${line}`);
  const status = Number(record.status ?? record.fields?.status);
  if (status >= 500) faults.push(`${where}: an answer ${status}: ${line}`);
}

for (const path of process.argv.slice(2)) {
  const name = path.split("/").at(-1);
  readFileSync(path, "utf8").split("\n").forEach((line, index) => judge(line, `${name}:${index + 1}`));
}
if (records === 0) faults.push("no JSON line at all, though the output is not a terminal");

for (const fault of faults) console.error(`FAILED server log: ${fault}`);
if (faults.length === 0) console.log(`ok     server log: ${records} records`);
process.exitCode = faults.length === 0 ? 0 : 1;
