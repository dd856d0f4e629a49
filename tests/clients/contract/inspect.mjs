// The printed schema keeps the rules of graphql-eslint, and breaks no client of the last release without a word in CHANGELOG.
import { diff } from "@graphql-inspector/core";
import eslint from "eslint";
import plugin from "@graphql-eslint/eslint-plugin";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { buildSchema } from "graphql";
import { join } from "node:path";
import { check } from "./static.mjs";
import { HERE, SCHEMA } from "./tool.mjs";

/** Rules that the schema does not follow, each with its reason. */
const EXCEPTIONS = {
  "@graphql-eslint/no-typename-prefix": "`Report.reporter` and `Report.reported` are the words for these people",
  "@graphql-eslint/relay-edge-types": "`nodes` beside `edges`, and short lists with a stated maximum, are lists of objects",
};

/** Types without an `id`: they are parts of another object, events, or figures, and a cache keeps them inside their parents. */
const WITHOUT_ID = {
  suffixes: ["Payload", "Connection", "Edge", "Event", "Day"],
  types: [
    "AccountPage", "AgentKnowledge", "AgentRefusal", "AgentReplyAudio", "AgentReplyChunk", "AgentReplyDone", "AgentReplyError",
    "AgentReplyMeta", "AgentUsage", "ConversationActivity", "ConversationSnapshot", "CurrentSession", "Ledger", "LoungeDashboard",
    "LoungeVoice", "Mute", "PageInfo", "Platform", "Reaction", "SessionUser", "SupportEpisode", "SupportHours",
    "SupportQueuePosition", "SupportStatistics", "VoiceAllowance", "WalletEntryCause",
  ],
};

await check("graphql-eslint", async () => {
  const sets = ["flat/schema-recommended", "flat/schema-relay"].map((name) => plugin.configs[name].rules);
  const rules = Object.assign({}, ...sets);
  for (const name of Object.keys(EXCEPTIONS)) delete rules[name];
  rules["@graphql-eslint/strict-id-in-types"] = ["error", { acceptedIdNames: ["id"], acceptedIdTypes: ["ID"], exceptions: WITHOUT_ID }];
  const linter = new eslint.ESLint({
    cwd: join(HERE, "../../.."),
    overrideConfigFile: true,
    overrideConfig: {
      files: ["**/*.graphql"],
      languageOptions: { parser: plugin.parser, parserOptions: { graphQLConfig: { schema: SCHEMA } } },
      plugins: { "@graphql-eslint": plugin },
      rules,
    },
  });
  const [{ messages }] = await linter.lintFiles([SCHEMA]);
  for (const { line, ruleId, message } of messages) console.error(`       schema.graphql:${line} ${ruleId}: ${message}`);
  if (messages.length > 0) throw new Error(`${messages.length} findings`);
  return `${Object.keys(rules).length} rules, ${Object.keys(EXCEPTIONS).length} exceptions`;
});

await check("graphql-inspector", async () => {
  const git = (...args) => execFileSync("git", args, { cwd: HERE, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  let release;
  try {
    release = git("describe", "--tags", "--abbrev=0", "--match", "v*");
  } catch {
    return "there is no release to compare with";
  }
  const before = buildSchema(git("show", `${release}:schema.graphql`));
  const changes = await diff(before, buildSchema(readFileSync(SCHEMA, "utf8")));
  const breaking = changes.filter(({ criticality }) => criticality.level === "BREAKING");
  const log = readFileSync(join(HERE, "../../../CHANGELOG.md"), "utf8").split("\n## ")[1];
  const unsaid = breaking.filter(({ path }) => !log.includes(path?.split(".").slice(0, 2).join(".")) && !log.includes(path?.split(".")[1] ?? path));
  for (const { message } of unsaid) console.error(`       not in CHANGELOG: ${message}`);
  if (unsaid.length > 0) throw new Error(`${unsaid.length} breaking changes since ${release} have no line in CHANGELOG`);
  return `${breaking.length} breaking changes since ${release}`;
});
