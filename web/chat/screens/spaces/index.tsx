import { AppWindow } from "lucide-react";
import { useState } from "react";
import { useText } from "../../../i18n";
import { Avatar } from "../../../ui/avatar";
import { ButtonLink } from "../../../ui/button";
import { SearchField } from "../../../ui/field";
import { EmptyState } from "../../../ui/notices";
import { Page } from "../../../ui/page";
import { Tabs } from "../../../ui/tabs";
import { Tag } from "../../../ui/tag";
import { useDelayed } from "../../app/delayed";
import { Listing, useListing } from "../../app/listing";
import { CREATE_SPACE, go, HOME, SPACES, toSpace } from "../../app/routes";
import { OwnSpacesDocument, SpacesDocument, type SpaceRowFragment } from "./operations.generated";
import "../../../ui/cards.css";

/** The spaces that the viewer may enter, and the viewer's own. */
export default function Spaces({ tab = "all" }: { tab?: string }) {
  const t = useText("spaces");
  return (
    <Page
      title={t("title")}
      about={t("about")}
      back={HOME}
      actions={<ButtonLink href={CREATE_SPACE}>{t("create")}</ButtonLink>}
    >
      <Tabs
        label={t("title")}
        value={tab}
        onChange={(tab) => go(`${SPACES}/${tab}`)}
        tabs={[
          { id: "all", label: t("all"), content: <AllSpaces /> },
          { id: "own", label: t("own"), content: <OwnSpaces /> },
        ]}
      />
    </Page>
  );
}

function AllSpaces() {
  const t = useText("spaces");
  const [search, setSearch] = useState("");
  const asked = useDelayed(search.trim());
  const list = useListing(SpacesDocument, { search: asked || null, first: 30 }, ({ spaces }) => spaces);
  return (
    <>
      <div className="page-line">
        <SearchField label={t("search")} value={search} onSearch={setSearch} />
      </div>
      <Listing list={list} empty={<NoSpace title={t("noneFound")} />}>
        {(nodes) => <Rows spaces={nodes} />}
      </Listing>
    </>
  );
}

function OwnSpaces() {
  const t = useText("spaces");
  const list = useListing(OwnSpacesDocument, { first: 30 }, ({ viewer }) => viewer?.spaces);
  return (
    <Listing list={list} empty={<NoSpace title={t("noneOwn")} />}>
      {(nodes) => <Rows spaces={nodes} />}
    </Listing>
  );
}

function NoSpace({ title }: { title: string }) {
  const t = useText("spaces");
  return (
    <EmptyState
      icon={<AppWindow size={28} aria-hidden="true" />}
      title={title}
      actions={
        <ButtonLink look="primary" href={CREATE_SPACE}>
          {t("create")}
        </ButtonLink>
      }
    >
      {t("noneText")}
    </EmptyState>
  );
}

function Rows({ spaces }: { spaces: SpaceRowFragment[] }) {
  const t = useText("spaces");
  return (
    <ul className="cards">
      {spaces.map(({ id, name, description, category, isPublic, owner }) => (
        <li key={id}>
          <a className="card" href={toSpace(id)}>
            <Avatar name={name} size={46} />
            <span className="card-text">
              <span className="card-title">
                <bdi>{name}</bdi>
                {!isPublic && <Tag tone="faint">{t("private")}</Tag>}
              </span>
              <bdi className="card-about">{description}</bdi>
              <span className="card-facts">
                <bdi>{category.replaceAll("_", " ")}</bdi> · {t("by", { name: owner.name })}
              </span>
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
