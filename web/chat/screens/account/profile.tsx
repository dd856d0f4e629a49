import { Copy } from "lucide-react";
import { useText } from "../../../i18n";
import { dateOf } from "../../../i18n/format";
import { Avatar } from "../../../ui/avatar";
import { IconButton } from "../../../ui/button";
import { useCopy } from "../../../ui/copy";
import { Field } from "../../../ui/field";
import { Form, textOf } from "../../../ui/form";
import { useToast } from "../../../ui/toast";
import { useDeed, usePlaza } from "../../app/plaza";
import type { Viewer } from ".";
import { Picture } from "./picture";
import { UpdateProfileDocument } from "./operations.generated";

/** The viewer's public profile. */
export function Profile({ viewer: { userId: id, name, email, image, createdAt }, onChanged }: { viewer: Viewer; onChanged: () => void }) {
  const t = useText("account");
  const common = useText("common");
  const { run, refreshAccount } = usePlaza();
  const toast = useToast();
  const copy = useCopy();
  const deed = useDeed();
  const refresh = () => {
    refreshAccount();
    onChanged();
  };
  const save = async (values: FormData) => {
    const isSaved = await deed.attempt(() => run(UpdateProfileDocument, { name: textOf(values, "name") }));
    if (!isSaved) return;
    toast({ text: common("saved") });
    refresh();
  };
  return (
    <section>
      <div className="card">
        <Avatar name={name} image={image} size={56} />
        <span className="card-text">
          <span className="card-title">
            <bdi>{email}</bdi>
          </span>
          <span className="card-facts">{t("since", { date: dateOf(new Date(createdAt)) })}</span>
          <span className="card-facts">
            {t("id")} <code>{id}</code>{" "}
          </span>
        </span>
        <IconButton label={t("copyId")} icon={<Copy size={17} aria-hidden="true" />} onClick={() => copy(id)} />
      </div>
      <Picture isSet={image !== null} onChanged={refresh} />
      <Form submission={deed} onSubmit={(values) => void save(values)} action={common("save")}>
        <Field label={common("name")} name="name" defaultValue={name} hint={t("nameHint")} maxLength={100} required autoComplete="name" />
      </Form>
    </section>
  );
}
