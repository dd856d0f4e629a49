import { useText } from "../../../i18n";
import { Page } from "../../../ui/page";
import { useDeed, usePlaza } from "../../app/plaza";
import { AGENTS, go, toAgent } from "../../app/routes";
import { AgentForm, agentValues } from "./form";
import { CreateAgentDocument } from "./operations.generated";

/** Writes a new agent. */
export default function CreateAgent() {
  const t = useText("agents");
  const common = useText("common");
  const { run } = usePlaza();
  const deed = useDeed();
  const create = (values: FormData) =>
    deed.attempt(async () => {
      const { createAgentListing } = await run(CreateAgentDocument, { input: agentValues(values) });
      if (createAgentListing) go(toAgent(createAgentListing.agentListing.id));
    });
  return (
    <Page title={t("create")} about={t("createAbout")} back={AGENTS} isBackShown>
      <AgentForm deed={deed} action={common("create")} onSubmit={(values) => void create(values)} />
    </Page>
  );
}
