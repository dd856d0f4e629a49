import { useText } from "../../../i18n";
import { Button } from "../../../ui/button";
import { useConfirm } from "../../../ui/dialog";
import { ErrorNotice } from "../../../ui/notices";
import { useToast } from "../../../ui/toast";
import { useDeed, usePlaza } from "../../app/plaza";
import { CommunityForm, communityValues, loungeValues } from "./form";
import type { Managed } from ".";
import { ArchiveCommunityDocument, UpdateCommunityDocument, UpdateLoungeDocument } from "./operations.generated";

/** The values of a community, and its end. */
export function Details({ community, onChanged }: { community: Managed; onChanged: () => void }) {
  const t = useText("manage");
  const common = useText("common");
  const { run, refreshMe } = usePlaza();
  const toast = useToast();
  const confirm = useConfirm();
  const deed = useDeed();
  const archiving = useDeed();
  const { id, name, kind, status } = community;
  const save = async (values: FormData) => {
    const isSaved = await deed.attempt(() =>
      kind === "LOUNGE"
        ? run(UpdateLoungeDocument, { input: { loungeId: id, ...loungeValues(values) } })
        : run(UpdateCommunityDocument, { input: { communityId: id, ...communityValues(values) } }),
    );
    if (!isSaved) return;
    toast({ text: common("saved") });
    refreshMe();
    onChanged();
  };
  const archive = async () => {
    const isSure = await confirm({ title: t("archiveTitle", { name }), text: t("archiveText"), action: t("archive"), isDangerous: true });
    if (isSure && (await archiving.attempt(() => run(ArchiveCommunityDocument, { id })))) onChanged();
  };
  return (
    <>
      {status !== "ACTIVE" && <ErrorNotice message={t(status)} />}
      <CommunityForm kind={kind} community={community} deed={deed} action={common("save")} onSubmit={(values) => void save(values)} />
      {status === "ACTIVE" && (
        <section>
          <h2>{t("archive")}</h2>
          <p className="card-facts">{t("archiveText")}</p>
          <ErrorNotice message={archiving.refusal} />
          <p className="page-line">
            <Button look="danger" onClick={() => void archive()} disabled={archiving.isBusy}>
              {t("archive")}
            </Button>
          </p>
        </section>
      )}
    </>
  );
}
