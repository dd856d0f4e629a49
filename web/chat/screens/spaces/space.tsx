import { Play } from "lucide-react";
import { useText } from "../../../i18n";
import { Button, ButtonLink } from "../../../ui/button";
import { useConfirm } from "../../../ui/dialog";
import { EmptyState, ErrorNotice, Loading } from "../../../ui/notices";
import { Page } from "../../../ui/page";
import { Tabs } from "../../../ui/tabs";
import { Tag } from "../../../ui/tag";
import { useToast } from "../../../ui/toast";
import { When } from "../../../ui/when";
import { Listing, useListing } from "../../app/listing";
import { NotFound } from "../../app/not-found";
import { useDeed, usePlaza, useQuery } from "../../app/plaza";
import { go, SPACES, toSession, toSpace } from "../../app/routes";
import { ReportList } from "../safety/report-list";
import { SpaceForm, spaceValues } from "./form";
import { Guests } from "./guests";
import {
  DeleteSpaceDocument,
  OpenSessionDocument,
  SpaceDocument,
  type SpaceQuery,
  SpaceSessionsDocument,
  UpdateSpaceDocument,
} from "./operations.generated";
import "../../../ui/cards.css";

type Space = NonNullable<SpaceQuery["space"]>;

/** A space: what it is, its sessions, and for its owner its values, guests and reports. */
export default function SpacePage({ id = "", tab = "sessions" }: { id?: string; tab?: string }) {
  const t = useText("spaces");
  const { run, user } = usePlaza();
  const { data, error, refresh } = useQuery(SpaceDocument, { id });
  const { isBusy, refusal, attempt } = useDeed();
  const space = data?.space;
  if (error && !data) return <NotFound title={t("unknownTitle")}>{t("unknownText")}</NotFound>;
  if (!data) return <Loading />;
  if (!space) return <NotFound title={t("unknownTitle")}>{t("unknownText")}</NotFound>;
  const isOwner = space.owner.id === user.userId;
  const open = () =>
    attempt(async () => {
      const { openSpaceSession } = await run(OpenSessionDocument, { spaceId: id });
      if (openSpaceSession) go(toSession(openSpaceSession.spaceSession.id));
    });
  const sessions = <Sessions id={id} />;
  return (
    <Page
      title={<bdi>{space.name}</bdi>}
      about={
        <>
          <bdi>{space.category.replaceAll("_", " ")}</bdi> · {t("by", { name: space.owner.name })}{" "}
          {!space.isPublic && <Tag tone="faint">{t("private")}</Tag>}
        </>
      }
      back={SPACES}
      isBackShown
      actions={
        <Button look="primary" onClick={() => void open()} disabled={isBusy}>
          <Play size={17} aria-hidden="true" /> {t("openSession")}
        </Button>
      }
    >
      <ErrorNotice message={refusal} />
      <p className="page-line" dir="auto">
        {space.description}
      </p>
      {space.tags.length > 0 && (
        <p className="page-line">
          {space.tags.map((tag) => (
            <Tag key={tag} tone="faint">
              {tag}
            </Tag>
          ))}
        </p>
      )}
      {isOwner ? (
        <Tabs
          label={t("title")}
          value={tab}
          onChange={(tab) => go(toSpace(id, tab))}
          tabs={[
            { id: "sessions", label: t("sessions"), content: sessions },
            { id: "details", label: t("details"), content: <Details space={space} onChanged={refresh} /> },
            { id: "guests", label: t("guests"), content: <Guests id={id} /> },
            { id: "reports", label: t("reports"), content: <ReportList scope={{ spaceId: id }} /> },
          ]}
        />
      ) : (
        <>
          <h2>{t("sessions")}</h2>
          {sessions}
        </>
      )}
    </Page>
  );
}

function Sessions({ id }: { id: string }) {
  const t = useText("spaces");
  const list = useListing(SpaceSessionsDocument, { id, first: 20 }, ({ space }) => space?.sessions);
  return (
    <Listing list={list} empty={<EmptyState title={t("noSession")}>{t("noSessionText")}</EmptyState>}>
      {(nodes) => (
        <ul className="cards">
          {nodes.map(({ id, status, currentPhase, participantCount, createdAt }) => (
            <li key={id} className="card">
              <span className="card-text">
                <span className="card-title">
                  <Tag tone={status === "ACTIVE" ? "plain" : "faint"}>{t(status)}</Tag>
                  <bdi>{currentPhase}</bdi>
                </span>
                <span className="card-facts">
                  {t("here", { count: participantCount })} · <When at={createdAt} />
                </span>
              </span>
              <ButtonLink isSmall href={toSession(id)}>
                {t("enter")}
                <span className="visually-hidden"> {new Date(createdAt).toLocaleString()}</span>
              </ButtonLink>
            </li>
          ))}
        </ul>
      )}
    </Listing>
  );
}

function Details({ space, onChanged }: { space: Space; onChanged: () => void }) {
  const t = useText("spaces");
  const common = useText("common");
  const { run } = usePlaza();
  const toast = useToast();
  const confirm = useConfirm();
  const deed = useDeed();
  const deletion = useDeed();
  const { id, name } = space;
  const save = async (values: FormData) => {
    // Invalid JSON is shown like a refusal of the server.
    const isSaved = await deed.attempt(async () => run(UpdateSpaceDocument, { input: { spaceId: id, ...spaceValues(values, t("noObject")) } }));
    if (!isSaved) return;
    toast({ text: common("saved") });
    onChanged();
  };
  const remove = async () => {
    const isSure = await confirm({ title: t("deleteTitle", { name }), text: t("deleteText"), action: common("delete"), isDangerous: true });
    if (isSure && (await deletion.attempt(() => run(DeleteSpaceDocument, { id })))) go(SPACES);
  };
  return (
    <>
      <SpaceForm space={space} deed={deed} action={common("save")} onSubmit={(values) => void save(values)} />
      <section>
        <h2>{t("delete")}</h2>
        <p className="card-facts">{t("deleteText")}</p>
        <ErrorNotice message={deletion.refusal} />
        <p className="page-line">
          <Button look="danger" onClick={() => void remove()} disabled={deletion.isBusy}>
            {t("delete")}
          </Button>
        </p>
      </section>
    </>
  );
}
