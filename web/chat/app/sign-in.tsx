import { type SyntheticEvent, useState } from "react";
import { Refusal } from "plaza-client";
import { LANGUAGES, type Language, type Say, chooseLanguage, language, useText } from "../../i18n";
import { Button } from "../../ui/button";
import { Field, Select } from "../../ui/field";
import type { Account } from "./account";
import { DemoPeople } from "./demo-people";

export function SignIn({ account }: { account: Account }) {
  const t = useText("signIn");
  const [isNew, setNew] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);

  async function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const value = (name: string) => fields.get(name) as string;
    setBusy(true);
    setRefusal(null);
    try {
      await (isNew
        ? account.signUp(value("email"), value("password"), value("name"))
        : account.signIn(value("email"), value("password")));
    } catch (error) {
      setRefusal(explained(t, error));
    }
    setBusy(false);
  }

  return (
    <main className="door" id="main">
      <div className="door-form">
        <a className="brand" href="/">
          <img src={`${import.meta.env.BASE_URL}favicon.svg`} alt="" />
          Plaza
        </a>
        <h1>{isNew ? t("titleNew") : t("title")}</h1>
        <form className="door-fields" onSubmit={(event) => void submit(event)}>
          {isNew && <Field label={t("name")} name="name" autoComplete="name" required />}
          <Field label={t("email")} name="email" type="email" autoComplete="username" required />
          <Field
            label={t("password")}
            name="password"
            type="password"
            autoComplete={isNew ? "new-password" : "current-password"}
            required
          />
          <p className="field-error" role="alert">
            {refusal ?? account.trouble}
          </p>
          <Button type="submit" look="primary" disabled={isBusy}>
            {isNew ? t("create") : t("enter")}
          </Button>
          <Button look="quiet" onClick={() => setNew(!isNew)}>
            {isNew ? t("haveAccount") : t("noAccount")}
          </Button>
        </form>
      </div>
      <DemoPeople account={account} isBusy={isBusy} />
      <div className="door-language">
        <LanguageChoice />
      </div>
    </main>
  );
}

/** Returns the message of a refusal on this screen, in the viewer's language. */
function explained(t: Say<"signIn">, error: unknown): string {
  if (error instanceof Refusal && language !== "en") {
    if (error.code === "CONFLICT") return t("emailTaken");
    if (error.code === "UNAUTHENTICATED") return t("wrongPassword");
    if (error.field === "password") return t("badPassword");
    if (error.field === "email") return t("badEmail");
    if (error.field === "name") return t("badName");
  }
  return error instanceof Error ? error.message : String(error);
}

/** The languages of the pages, each by its own name. */
export function LanguageChoice() {
  const t = useText("common");
  return (
    <Select label={t("language")} value={language} onChange={({ target }) => chooseLanguage(target.value as Language)}>
      {Object.entries(LANGUAGES).map(([tag, name]) => (
        <option key={tag} value={tag} lang={tag}>
          {name}
        </option>
      ))}
    </Select>
  );
}
