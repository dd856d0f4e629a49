import { useEffect, useState } from "react";
import { useText } from "../../i18n";
import { Avatar } from "../../ui/avatar";
import type { Account } from "./account";

/** A user of the demo data, whose password is public. */
interface DemoPerson {
  name: string;
  email: string;
  /** The person's role in the demo, in English. */
  about: string;
  password: string;
}

/** The users that a server of the demo data offers; other servers have none. */
function useDemoPeople(): DemoPerson[] {
  const [people, setPeople] = useState<DemoPerson[]>([]);
  useEffect(() => {
    const controller = new AbortController();
    fetch("/chat/demo.json", { signal: controller.signal })
      .then((response) => (response.ok ? (response.json() as Promise<DemoPerson[]>) : []))
      .then(setPeople)
      // Without an answer the page is as on other servers.
      .catch(() => {});
    return () => controller.abort();
  }, []);
  return people;
}

/** Buttons that sign in as one of the demo's people. */
export function DemoPeople({ account, isBusy }: { account: Account; isBusy: boolean }) {
  const t = useText("signIn");
  const people = useDemoPeople();
  const [refusal, setRefusal] = useState<string | null>(null);
  if (people.length === 0) return null;
  const enter = ({ email, password }: DemoPerson) =>
    account.signIn(email, password).catch((error: unknown) => setRefusal(error instanceof Error ? error.message : String(error)));
  return (
    <section className="demo-people" aria-labelledby="demo-people">
      <h2 id="demo-people">{t("demoTitle")}</h2>
      <p className="field-hint">{t("demoText")}</p>
      {refusal && (
        <p className="field-error" role="alert">
          {refusal}
        </p>
      )}
      <ul>
        {people.map((person) => (
          <li key={person.email}>
            <button type="button" className="demo-person" disabled={isBusy} onClick={() => void enter(person)}>
              <Avatar name={person.name} size={32} />
              <span>
                <bdi>{person.name}</bdi>
                <span className="field-hint" lang="en">
                  {person.about}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
