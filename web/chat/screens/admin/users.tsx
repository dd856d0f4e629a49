import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { useText } from "../../../i18n";
import { dateOf } from "../../../i18n/format";
import { Avatar } from "../../../ui/avatar";
import { Button, IconButton } from "../../../ui/button";
import { useCopy } from "../../../ui/copy";
import { useConfirm } from "../../../ui/dialog";
import { Field, Select } from "../../../ui/field";
import { Menu, MenuItem, MenuSeparator } from "../../../ui/menu";
import { EmptyState, ErrorNotice, Loading } from "../../../ui/notices";
import { Tag } from "../../../ui/tag";
import { useDelayed } from "../../app/delayed";
import { useDeed, usePlaza, useQuery } from "../../app/plaza";
import { BanDialog, GrantDialog } from "./dialogs";
import { UnbanUserDocument, UsersDocument, type UsersQuery } from "./operations.generated";
import "../../../ui/cards.css";

export type Account = NonNullable<UsersQuery["users"]>["nodes"][number];

/** All accounts, with bans and coins. */
export function Users() {
  const t = useText("admin");
  const common = useText("common");
  const { run, user } = usePlaza();
  const confirm = useConfirm();
  const copy = useCopy();
  const { refusal, attempt } = useDeed();
  const [search, setSearch] = useState("");
  const [which, setWhich] = useState("all");
  const [page, setPage] = useState(1);
  const [asked, setAsked] = useState<{ kind: "ban" | "grant"; account: Account } | null>(null);
  const words = useDelayed(search.trim());
  const { data, error, refresh } = useQuery(UsersDocument, {
    search: words || null,
    banned: which === "banned" ? true : null,
    admins: which === "admins" ? true : null,
    page,
  });
  const found = data?.users;
  const unban = async ({ userId, name }: Account) => {
    const isSure = await confirm({ title: t("unbanTitle", { name }), text: t("unbanText"), action: t("unban") });
    if (isSure && (await attempt(() => run(UnbanUserDocument, { userId })))) refresh();
  };
  return (
    <>
      <div className="page-line">
        <Field
          label={t("searchUsers")}
          type="search"
          value={search}
          onChange={({ target }) => {
            setSearch(target.value);
            setPage(1);
          }}
        />
        <Select
          label={t("which")}
          value={which}
          onChange={({ target }) => {
            setWhich(target.value);
            setPage(1);
          }}
        >
          <option value="all">{common("all")}</option>
          <option value="banned">{t("banned")}</option>
          <option value="admins">{t("admins")}</option>
        </Select>
      </div>
      <ErrorNotice message={refusal ?? error?.message} onRetry={error ? refresh : undefined} />
      {!found && !error && <Loading />}
      {found?.nodes.length === 0 && <EmptyState title={t("noUser")} />}
      <ul className="cards">
        {found?.nodes.map((account) => (
          <li key={account.userId} className="card">
            <Avatar name={account.name} image={account.image} />
            <span className="card-text">
              <span className="card-title">
                <bdi>{account.name}</bdi>
                {account.isAdmin && <Tag>{t("admin")}</Tag>}
                {account.bannedAt && <Tag tone="warning">{t("bannedSince", { date: dateOf(new Date(account.bannedAt)) })}</Tag>}
              </span>
              <span className="card-facts">
                <bdi>{account.email}</bdi> · {t("since", { date: dateOf(new Date(account.createdAt)) })}
                {account.banReason && <bdi> · {account.banReason}</bdi>}
              </span>
            </span>
            <Menu trigger={<IconButton label={t("actionsOn", { name: account.name })} icon={<Ellipsis size={19} aria-hidden="true" />} />}>
              <MenuItem onSelect={() => setAsked({ kind: "grant", account })}>{t("grant")}</MenuItem>
              <MenuItem onSelect={() => copy(account.userId)}>{t("copyId")}</MenuItem>
              {account.userId !== user.userId && (
                <>
                  <MenuSeparator />
                  {account.bannedAt ? (
                    <MenuItem onSelect={() => void unban(account)}>{t("unban")}</MenuItem>
                  ) : (
                    <MenuItem isDangerous onSelect={() => setAsked({ kind: "ban", account })}>
                      {t("ban")}
                    </MenuItem>
                  )}
                </>
              )}
            </Menu>
          </li>
        ))}
      </ul>
      {found && found.totalPages > 1 && (
        <p className="more">
          <Button disabled={page <= 1} onClick={() => setPage(page - 1)}>
            {t("before")}
          </Button>
          <span className="more-text">{t("page", { page, pages: found.totalPages })}</span>
          <Button disabled={page >= found.totalPages} onClick={() => setPage(page + 1)}>
            {t("next")}
          </Button>
        </p>
      )}
      {asked?.kind === "ban" && <BanDialog account={asked.account} onClose={() => setAsked(null)} onDone={refresh} />}
      {asked?.kind === "grant" && <GrantDialog account={asked.account} onClose={() => setAsked(null)} />}
    </>
  );
}
