import { useState } from "react";
import { useText } from "../../../i18n";
import { Button } from "../../../ui/button";
import { useConfirm } from "../../../ui/dialog";
import { Field } from "../../../ui/field";
import { ErrorNotice } from "../../../ui/notices";
import { Person } from "../../../ui/person";
import { useToast } from "../../../ui/toast";
import { useDelayed } from "../../app/delayed";
import { useDeed, usePlaza, useQuery } from "../../app/plaza";
import { InviteToSpaceDocument, PeopleDocument, RemoveFromSpaceDocument } from "./operations.generated";

/** Letters from which on people are searched for. */
const FEWEST = 3;

/** Finds people by address or name, to invite them to a space or to remove them. */
export function Guests({ id: spaceId }: { id: string }) {
  const t = useText("spaces");
  const { run } = usePlaza();
  const toast = useToast();
  const confirm = useConfirm();
  const { isBusy, refusal, attempt } = useDeed();
  const [words, setWords] = useState("");
  const text = useDelayed(words.trim());
  const isAsked = text.length >= FEWEST;
  const { data, error, isCurrent } = useQuery(isAsked ? PeopleDocument : null, { text });
  const found = isAsked && isCurrent ? data?.searchUsers : undefined;
  const invite = async (userId: string) => {
    if (await attempt(() => run(InviteToSpaceDocument, { spaceId, userId }))) toast({ text: t("invited") });
  };
  const remove = async (userId: string) => {
    const isSure = await confirm({ title: t("removeGuest"), text: t("removeHint"), action: t("removeAction"), isDangerous: true });
    if (isSure && (await attempt(() => run(RemoveFromSpaceDocument, { spaceId, userId })))) toast({ text: t("removed") });
  };
  return (
    <>
      <Field
        label={t("invite")}
        hint={t("inviteHint")}
        type="search"
        autoComplete="off"
        value={words}
        onChange={({ target }) => setWords(target.value)}
      />
      <ErrorNotice message={refusal ?? error?.message} />
      {found?.length === 0 && (
        <p className="card-facts" role="status">
          {t("nobodyFound")}
        </p>
      )}
      <ul className="cards">
        {found?.map((user) => (
          <li key={user.id} className="card">
            <span className="card-text">
              <Person user={user} />
            </span>
            <span className="card-actions">
              <Button isSmall onClick={() => void invite(user.id)} disabled={isBusy}>
                {t("inviteAction")}
              </Button>
              <Button isSmall onClick={() => void remove(user.id)} disabled={isBusy}>
                {t("removeAction")}
              </Button>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
