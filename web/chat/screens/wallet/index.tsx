import { Coins } from "lucide-react";
import { useState } from "react";
import { useText } from "../../../i18n";
import { numberOf } from "../../../i18n/format";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { Field } from "../../../ui/field";
import { Figures } from "../../../ui/figures";
import { Form, optionalText, wholeNumber } from "../../../ui/form";
import { EmptyState } from "../../../ui/notices";
import { Page } from "../../../ui/page";
import { useToast } from "../../../ui/toast";
import { When } from "../../../ui/when";
import { Listing, useListing } from "../../app/listing";
import { useDeed, usePlaza } from "../../app/plaza";
import { HOME, toCommunity } from "../../app/routes";
import { TopUpDocument, WalletDocument, type WalletQuery } from "./operations.generated";
import "../../../ui/cards.css";

type Entry = NonNullable<WalletQuery["viewer"]>["wallet"]["entries"]["nodes"][number];

/** The coins of the viewer: how many there are, and each movement with its cause. */
export default function Wallet() {
  const t = useText("wallet");
  const { me } = usePlaza();
  const [held, setHeld] = useState<number>();
  const [isOpen, setOpen] = useState(false);
  const list = useListing(WalletDocument, { first: 30 }, ({ viewer }) => {
    setHeld(viewer?.wallet.held);
    return viewer?.wallet.entries;
  });
  const figures = [
    { name: t("balance"), value: numberOf(me?.wallet.balance ?? 0) },
    ...(held ? [{ name: t("held"), value: numberOf(held), note: t("heldNote") }] : []),
  ];
  return (
    <Page title={t("title")} about={t("about")} back={HOME} actions={<Button onClick={() => setOpen(true)}>{t("topUp")}</Button>}>
      {me && <Figures figures={figures} />}
      <Listing
        list={list}
        empty={
          <EmptyState icon={<Coins size={28} aria-hidden="true" />} title={t("emptyTitle")}>
            {t("sources")}
          </EmptyState>
        }
      >
        {(nodes) => (
          <ul className="cards" aria-label={t("entries")}>
            {nodes.map((entry) => (
              <Movement key={entry.id} entry={entry} />
            ))}
          </ul>
        )}
      </Listing>
      {isOpen && <TopUpDialog onClose={() => setOpen(false)} onDone={list.refresh} />}
    </Page>
  );
}

/** One line of the ledger: its kind, its cause and the balance after it. */
function Movement({ entry: { kind, amount, balance, description, cause, createdAt } }: { entry: Entry }) {
  const t = useText("wallet");
  return (
    <li className="card">
      <span className="card-text">
        <span className="card-title">
          {t(kind)} <When at={createdAt} />
        </span>
        <span className="card-facts">
          {cause.kind === "COMMUNITY" ? (
            <a href={toCommunity(cause.objectId)}>
              <bdi>{description}</bdi>
            </a>
          ) : (
            <bdi>{description}</bdi>
          )}
        </span>
      </span>
      <span className="card-number">
        <bdi>{amount > 0 ? `+${numberOf(amount)}` : numberOf(amount)}</bdi>
        <span className="card-facts">{t("after", { balance: numberOf(balance) })}</span>
      </span>
    </li>
  );
}

function TopUpDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const t = useText("wallet");
  const { run, refreshMe } = usePlaza();
  const toast = useToast();
  const deed = useDeed();
  const submit = async (values: FormData) => {
    const amount = wholeNumber(values, "amount") ?? 0;
    const isDone = await deed.attempt(() => run(TopUpDocument, { amount, receiptId: optionalText(values, "receiptId") }));
    if (!isDone) return;
    toast({ text: t("toppedUp", { count: amount }) });
    refreshMe();
    onDone();
    onClose();
  };
  return (
    <Dialog title={t("topUp")} onClose={onClose}>
      <p>{t("sources")}</p>
      <Form submission={deed} onSubmit={(values) => void submit(values)} onCancel={onClose} action={t("topUpAction")}>
        <Field label={t("amount")} name="amount" type="number" min={1} step={1} defaultValue={100} required />
        <Field label={t("receipt")} name="receiptId" hint={t("receiptHint")} maxLength={200} />
      </Form>
    </Dialog>
  );
}
