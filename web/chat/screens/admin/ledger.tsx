import { useText } from "../../../i18n";
import { numberOf } from "../../../i18n/format";
import { Figures } from "../../../ui/figures";
import { ErrorNotice, Loading } from "../../../ui/notices";
import { Tag } from "../../../ui/tag";
import { useQuery } from "../../app/plaza";
import { LedgerStateDocument } from "./operations.generated";

/** All coins, where they are, and whether the ledger balances. */
export function Ledger() {
  const t = useText("admin");
  const { data, error, refresh } = useQuery(LedgerStateDocument, {});
  if (!data?.platform) return error ? <ErrorNotice message={error.message} onRetry={refresh} /> : <Loading />;
  const { issued, available, held, earnings, sum } = data.platform.ledger;
  return (
    <>
      <p className="page-line">
        <Tag tone={sum === 0 ? "plain" : "warning"}>{sum === 0 ? t("balances") : t("offBy", { sum: numberOf(sum) })}</Tag>
      </p>
      <Figures
        figures={[
          { name: t("issued"), value: numberOf(issued) },
          { name: t("available"), value: numberOf(available) },
          { name: t("held"), value: numberOf(held) },
          { name: t("earnings"), value: numberOf(earnings) },
        ]}
      />
      <p className="card-facts">{t("ledgerText")}</p>
    </>
  );
}
