// The client of the better-auth package, unchanged, against our sign-in routes.
import { createAuthClient } from "better-auth/client";
import { assert, check, ORIGIN, part } from "./check.mjs";
import { CookieJar } from "./cookie-jar.mjs";

const COOKIE = "better-auth.session_token";
const EMAIL = `client-check-${Date.now()}-${process.pid}@example.test`;
// `.ci/server-log.mjs` looks for this text: it must never reach a log.
const PASSWORD = "never-in-a-log-7f3a";
const NAME = "Client Check";

const clientWith = (fetchOptions) => createAuthClient({ baseURL: ORIGIN, fetchOptions });

/** What a call of the client gave, or its error as one readable failure. */
function dataOf({ data, error }) {
  assert.equal(error, null, `the client reports ${JSON.stringify(error)}`);
  assert.ok(data, "the client has neither data nor an error");
  return data;
}

function assertUser(user) {
  assert.ok(user, "no user in the answer");
  assert.equal(typeof user.id, "string");
  assert.equal(user.email, EMAIL);
  assert.equal(user.name, NAME);
  assert.equal(typeof user.emailVerified, "boolean");
  assert.ok("image" in user, "user.image is missing");
  // The client turns timestamps into dates only when they have the form it knows.
  assert.ok(user.createdAt instanceof Date, `user.createdAt is ${user.createdAt}, which the client does not read as a date`);
  assert.ok(user.updatedAt instanceof Date, `user.updatedAt is ${user.updatedAt}, which the client does not read as a date`);
}

function assertSession({ session, user }, id) {
  assertUser(user);
  assert.equal(user.id, id);
  assert.equal(typeof session?.token, "string", "session.token is missing");
  assert.ok(session.expiresAt instanceof Date, "session.expiresAt is not a date");
  assert.ok(session.expiresAt > new Date(), "the session has already expired");
}

/** Nobody is signed in: `null`, or 401 which the client reports as an error. */
function assertNobody({ data, error }) {
  assert.equal(data, null, `still signed in: ${JSON.stringify(data)}`);
  if (error) assert.equal(error.status, 401, `the client reports ${JSON.stringify(error)}`);
}

function assertRefusal({ data, error }, statuses) {
  assert.equal(data, null, "the client has data where a refusal was due");
  assert.ok(error, "the client has no error where a refusal was due");
  assert.ok(statuses.includes(error.status), `status ${error.status}, not ${statuses.join(" or ")}`);
  assert.ok(error.message, `no message in ${JSON.stringify(error)}`);
  return error.message;
}

await check("better-auth client", async () => {
  const jar = new CookieJar();
  const client = clientWith({ customFetchImpl: jar.fetch });

  await part("getSession before signing in: nobody", async () => assertNobody(await client.getSession()));

  const id = await part("signUp.email", async () => {
    const { token, user } = dataOf(await client.signUp.email({ email: EMAIL, password: PASSWORD, name: NAME }));
    assert.equal(typeof token, "string", "token is missing");
    assertUser(user);
    assert.ok(jar.get(COOKIE), `no cookie ${COOKIE}`);
    return user.id;
  });

  await part("getSession by cookie", async () => assertSession(dataOf(await client.getSession()), id));

  await part("signUp.email again: refused with a message", async () => {
    const answer = await clientWith({ customFetchImpl: new CookieJar().fetch }).signUp.email({ email: EMAIL, password: PASSWORD, name: NAME });
    assertRefusal(answer, [400, 409, 422]);
  });

  await part("signOut", async () => {
    assert.equal(dataOf(await client.signOut()).success, true);
    assert.equal(jar.get(COOKIE), undefined, `the cookie ${COOKIE} is still there`);
  });

  await part("getSession after signing out: nobody", async () => assertNobody(await client.getSession()));

  const wrong = await part("signIn.email with a wrong password: refused with a message", async () =>
    assertRefusal(await client.signIn.email({ email: EMAIL, password: `${PASSWORD}-not` }), [401]));

  await part("signIn.email with an unknown address: the same message", async () => {
    const answer = await client.signIn.email({ email: `nobody-${EMAIL}`, password: PASSWORD });
    assert.equal(assertRefusal(answer, [401]), wrong);
  });

  const token = await part("signIn.email", async () => {
    const data = dataOf(await client.signIn.email({ email: EMAIL, password: PASSWORD }));
    assert.equal(data.redirect, false);
    assert.equal(data.url ?? null, null);
    assert.equal(typeof data.token, "string", "token is missing");
    assertUser(data.user);
    assert.equal(data.user.id, id);
    assertSession(dataOf(await client.getSession()), id);
    return data.token;
  });

  const bearer = clientWith({ auth: { type: "Bearer", token } });
  await part("getSession by bearer token, without a cookie", async () => assertSession(dataOf(await bearer.getSession()), id));

  await part("signOut by bearer token ends that session", async () => {
    assert.equal(dataOf(await bearer.signOut()).success, true);
    assertNobody(await bearer.getSession());
    assertNobody(await client.getSession());
  });
});
