import assert from "node:assert/strict";
import { test } from "vitest";
import { Drafts } from "../chat/model/drafts";

function device() {
  const rows = new Map();
  return {
    rows,
    load: async (account) => [...rows.values()].filter((row) => row.account === account),
    put: (draft) => rows.set(draft.account + draft.conversationId, draft),
    remove: (account, id) => rows.delete(account + id),
  };
}

test("drafts are kept by room and account, across reloads, until they are empty", async () => {
  const store = device();
  const drafts = new Drafts({ account: "ada", store });
  drafts.set("one", { text: "half a sen" });
  drafts.set("two", { text: "other" });
  drafts.set("two", { replyTo: { id: "m1" } });
  const again = new Drafts({ account: "ada", store });
  again.set("two", { text: "typed before it was read" });
  await again.load();
  assert.deepEqual(again.of("one"), { text: "half a sen", replyTo: null });
  assert.equal(again.of("two").text, "typed before it was read");
  const other = new Drafts({ account: "bob", store });
  await other.load();
  assert.equal(other.of("one").text, "");
  again.set("one", { text: "" });
  again.set("two", { text: "", replyTo: null });
  assert.equal(store.rows.size, 0);
});

test("a draft is the same object until it changes", () => {
  const drafts = new Drafts({ account: "ada", store: device() });
  assert.equal(drafts.of("one"), drafts.of("one"));
  drafts.set("one", { text: "a" });
  assert.equal(drafts.of("one"), drafts.of("one"));
});
