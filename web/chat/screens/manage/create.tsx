import { useState } from "react";
import { useText } from "../../../i18n";
import { Page } from "../../../ui/page";
import { useDeed, usePlaza } from "../../app/plaza";
import { DISCOVER, go, toManagement } from "../../app/routes";
import { CommunityForm, communityValues, loungeValues } from "./form";
import { Kinds } from "./kinds";
import { CreateCommunityDocument, CreateLoungeDocument } from "./operations.generated";
import type { CommunityKind } from "../../schema.generated";

/** Makes a community of a kind. */
export default function CreateCommunity() {
  const t = useText("manage");
  const common = useText("common");
  const { run, refreshMe } = usePlaza();
  const deed = useDeed();
  const [kind, setKind] = useState<CommunityKind>("CLUB");
  const create = (values: FormData) =>
    deed.attempt(async () => {
      const created =
        kind === "LOUNGE"
          ? (await run(CreateLoungeDocument, { input: loungeValues(values) })).createLounge?.lounge
          : (await run(CreateCommunityDocument, { input: { kind, ...communityValues(values) } })).createCommunity?.community;
      refreshMe();
      if (created) go(toManagement(created.id));
    });
  return (
    <Page title={t("createTitle")} about={t("createAbout")} back={DISCOVER} isBackShown>
      <Kinds value={kind} onChange={setKind} />
      <CommunityForm key={kind} kind={kind} deed={deed} action={common("create")} onSubmit={(values) => void create(values)} />
    </Page>
  );
}
