import { useText } from "../../../i18n";
import { Button } from "../../../ui/button";
import { useConfirm } from "../../../ui/dialog";
import { ErrorNotice, Loading } from "../../../ui/notices";
import { Page } from "../../../ui/page";
import { Split } from "../../../ui/split";
import { Tag } from "../../../ui/tag";
import { useToast } from "../../../ui/toast";
import { NotFound } from "../../app/not-found";
import { useDeed, usePlaza, useQuery } from "../../app/plaza";
import { AGENTS } from "../../app/routes";
import { type Agent, AgentForm, agentValues } from "./form";
import { AgentDocument, ArchiveAgentDocument, UpdateAgentDocument } from "./operations.generated";
import { Trial } from "./trial";

/** An agent: to its owner with everything that can be changed and a place to try it, to others as it is. */
export default function AgentPage({ id = "" }: { id?: string }) {
  const t = useText("agents");
  const { user } = usePlaza();
  const { data, error, refresh } = useQuery(AgentDocument, { id });
  const agent = data?.agentListing;
  if (!data && !error) return <Loading />;
  if (!agent) return <NotFound title={t("unknownTitle")}>{t("unknownText")}</NotFound>;
  const head = {
    title: <bdi>{agent.agentName}</bdi>,
    about: (
      <>
        {t("by", { name: agent.owner.name })} {agent.status === "ARCHIVED" && <Tag tone="faint">{t("archived")}</Tag>}
      </>
    ),
    back: AGENTS,
    isBackShown: true,
  };
  if (agent.owner.id !== user.userId) {
    return (
      <Page {...head}>
        <p dir="auto">{agent.description}</p>
        <p className="card-facts">{t("askIt")}</p>
      </Page>
    );
  }
  return (
    <Split
      label={t("parts")}
      mainLabel={t("editor")}
      main={
        <Page {...head}>
          <Editor agent={agent} onChanged={refresh} />
        </Page>
      }
      asideLabel={t("trial")}
      aside={<Trial agent={agent} />}
    />
  );
}

function Editor({ agent, onChanged }: { agent: Agent; onChanged: () => void }) {
  const t = useText("agents");
  const common = useText("common");
  const { run } = usePlaza();
  const toast = useToast();
  const confirm = useConfirm();
  const deed = useDeed();
  const archiving = useDeed();
  const { id, agentName: name, status } = agent;
  const save = async (values: FormData) => {
    if (!(await deed.attempt(() => run(UpdateAgentDocument, { input: { agentListingId: id, ...agentValues(values) } })))) return;
    toast({ text: common("saved") });
    onChanged();
  };
  const archive = async () => {
    const isSure = await confirm({ title: t("archiveTitle", { name }), text: t("archiveText"), action: t("archive"), isDangerous: true });
    if (isSure && (await archiving.attempt(() => run(ArchiveAgentDocument, { id })))) onChanged();
  };
  return (
    <>
      <AgentForm agent={agent} deed={deed} action={common("save")} onSubmit={(values) => void save(values)} />
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
