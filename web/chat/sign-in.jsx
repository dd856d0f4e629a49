import { useState } from "react";

export function SignIn({ account }) {
  const [isNew, setNew] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState(null);

  async function submit(event) {
    event.preventDefault();
    const { email, password, name } = Object.fromEntries(new FormData(event.currentTarget));
    setBusy(true);
    setRefusal(null);
    try {
      await (isNew ? account.signUp(email, password, name) : account.signIn(email, password));
    } catch (error) {
      setRefusal(error.message);
    }
    setBusy(false);
  }

  return (
    <main className="door">
      <form className="door-form" onSubmit={submit}>
        <h1>{isNew ? "Join this Plaza" : "Sign in to chat"}</h1>
        {isNew && <Field label="Name" name="name" autoComplete="name" />}
        <Field label="Email" name="email" type="email" autoComplete="username" />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete={isNew ? "new-password" : "current-password"}
        />
        <p className="refusal" role="alert">
          {refusal ?? account.trouble}
        </p>
        <button className="button button-primary" disabled={isBusy}>
          {isNew ? "Create account" : "Sign in"}
        </button>
        <button type="button" className="quiet" onClick={() => setNew(!isNew)}>
          {isNew ? "I have an account" : "Create an account"}
        </button>
      </form>
    </main>
  );
}

function Field({ label, ...input }) {
  return (
    <label className="field">
      {label}
      <input required {...input} />
    </label>
  );
}
