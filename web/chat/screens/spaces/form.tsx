import { useText } from "../../../i18n";
import { Checkbox, Field, TextArea } from "../../../ui/field";
import { FieldRow, Form, textOf, wordsOf } from "../../../ui/form";
import type { useDeed } from "../../app/plaza";
import { Refusal } from "plaza-client";
import type { SpaceQuery } from "./operations.generated";

type Space = NonNullable<SpaceQuery["space"]>;
type Definition = Record<string, unknown>;

/** The object of a space's definition; what is stored always is one. */
export const definitionOf = (definition: unknown): Definition => (definition ?? {}) as Definition;

/** An object that was written as JSON; throws a `Refusal` that names the field where it is none. */
export function objectOf(text: string, field: string, message: string): Definition {
  if (text === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Definition;
  } catch {
    // It is refused below.
  }
  throw new Refusal({ message, extensions: { field } });
}

/** The values of the form of a space. */
export function spaceValues(values: FormData, message: string) {
  const address = textOf(values, "definition.iframeUrl");
  const others = objectOf(textOf(values, "definition"), "definition", message);
  return {
    name: textOf(values, "name"),
    description: textOf(values, "description"),
    ...(textOf(values, "category") && { category: textOf(values, "category") }),
    tags: wordsOf(values, "tags"),
    isPublic: values.has("isPublic"),
    definition: address ? { iframeUrl: address, ...others } : others,
  };
}

interface Props {
  space?: Space;
  deed: ReturnType<typeof useDeed>;
  action: string;
  onSubmit: (values: FormData) => void;
}

/** The values of a space: what it is, who may see it, and its app. */
export function SpaceForm({ space, deed, action, onSubmit }: Props) {
  const t = useText("spaces");
  const common = useText("common");
  const { iframeUrl, ...others } = definitionOf(space?.definition);
  return (
    <Form submission={deed} onSubmit={onSubmit} action={action}>
      <Field label={common("name")} name="name" defaultValue={space?.name} required maxLength={100} />
      <TextArea label={common("description")} name="description" defaultValue={space?.description} rows={4} maxLength={5000} />
      <FieldRow>
        <Field label={t("category")} name="category" defaultValue={space?.category} maxLength={50} />
        <Field label={t("tags")} name="tags" defaultValue={space?.tags.join(", ")} hint={t("tagsHint")} />
      </FieldRow>
      <Field
        label={t("app")}
        name="definition.iframeUrl"
        type="url"
        placeholder="https://"
        defaultValue={typeof iframeUrl === "string" ? iframeUrl : ""}
        hint={t("appHint")}
        dir="ltr"
      />
      <TextArea
        label={t("options")}
        name="definition"
        defaultValue={Object.keys(others).length > 0 ? JSON.stringify(others, null, 2) : ""}
        hint={t("optionsHint")}
        rows={6}
        dir="ltr"
        spellCheck={false}
      />
      <Checkbox label={t("isPublic")} hint={t("isPublicHint")} name="isPublic" defaultChecked={space?.isPublic ?? true} />
    </Form>
  );
}
