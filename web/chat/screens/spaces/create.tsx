import { useText } from "../../../i18n";
import { Page } from "../../../ui/page";
import { useDeed, usePlaza } from "../../app/plaza";
import { go, SPACES, toSpace } from "../../app/routes";
import { SpaceForm, spaceValues } from "./form";
import { CreateSpaceDocument } from "./operations.generated";

/** Makes a space. */
export default function CreateSpace() {
  const t = useText("spaces");
  const common = useText("common");
  const { run } = usePlaza();
  const deed = useDeed();
  const create = (values: FormData) =>
    deed.attempt(async () => {
      const { createSpace } = await run(CreateSpaceDocument, { input: spaceValues(values, t("noObject")) });
      if (createSpace) go(toSpace(createSpace.space.id));
    });
  return (
    <Page title={t("create")} about={t("about")} back={SPACES} isBackShown>
      <SpaceForm deed={deed} action={common("create")} onSubmit={(values) => void create(values)} />
    </Page>
  );
}
