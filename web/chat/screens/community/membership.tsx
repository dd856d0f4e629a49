import { useText } from "../../../i18n";
import { dateOf } from "../../../i18n/format";
import { Button } from "../../../ui/button";
import { useConfirm } from "../../../ui/dialog";
import { Checkbox, Field } from "../../../ui/field";
import { Form, optionalText } from "../../../ui/form";
import { ErrorNotice } from "../../../ui/notices";
import { useToast } from "../../../ui/toast";
import { useDeed, usePlaza } from "../../app/plaza";
import {
  CancelMembershipDocument,
  CancelSubscriptionDocument,
  ResumeMembershipDocument,
  SetMembershipRenewalDocument,
  SetSubscriptionRenewalDocument,
  UpdateMembershipDocument,
} from "./operations.generated";
import type { Community } from "./use-community";

type Lounge = Extract<Community, { __typename: "Lounge" }>;

/** The viewer's membership: until when it is paid, whether it goes on, and the viewer's name in the community. */
export function MembershipPanel({ community, onChanged }: { community: Community; onChanged: () => void }) {
  const t = useText("community");
  const common = useText("common");
  const { run } = usePlaza();
  const toast = useToast();
  const deed = useDeed();
  const { id, viewerMembership: membership } = community;
  if (!membership) return null;
  const rename = async (values: FormData) => {
    if (!(await deed.attempt(() => run(UpdateMembershipDocument, { id, displayName: optionalText(values, "displayName") })))) return;
    toast({ text: common("saved") });
    onChanged();
  };
  return (
    <section>
      <h2>{t("membership")}</h2>
      {membership.paidUntil && (
        <PaidTime
          paid={{ ...membership, paidUntil: membership.paidUntil, agreed: membership.agreedFee }}
          cancelLabel={t("cancel")}
          onRenewal={(autoRenew) => run(SetMembershipRenewalDocument, { id, autoRenew })}
          onCancel={() => run(CancelMembershipDocument, { id })}
          onResume={() => run(ResumeMembershipDocument, { id })}
          onChanged={onChanged}
        />
      )}
      <Form submission={deed} onSubmit={(values) => void rename(values)} action={common("save")}>
        <Field label={t("nameHere")} hint={t("nameHereHint")} name="displayName" defaultValue={membership.displayName} maxLength={100} />
      </Form>
    </section>
  );
}

/** The viewer's subscription to a lounge. */
export function SubscriptionPanel({ lounge, onChanged }: { lounge: Lounge; onChanged: () => void }) {
  const t = useText("community");
  const { run } = usePlaza();
  const { id, subscription } = lounge;
  if (!subscription || subscription.status === "EXPIRED") return null;
  return (
    <section>
      <h2>{t("subscription")}</h2>
      <PaidTime
        paid={{ ...subscription, subscriptionStatus: subscription.status, agreed: subscription.agreedPrice }}
        cancelLabel={t("cancelSubscription")}
        onRenewal={(autoRenew) => run(SetSubscriptionRenewalDocument, { id, autoRenew })}
        onCancel={() => run(CancelSubscriptionDocument, { id })}
        onResume={() => run(SetSubscriptionRenewalDocument, { id, autoRenew: false })}
        onChanged={onChanged}
      />
    </section>
  );
}

interface PaidProps {
  paid: { subscriptionStatus: string; paidUntil: string; hasAutoRenewal?: boolean | null; agreed?: number | null };
  cancelLabel: string;
  onRenewal: (autoRenew: boolean) => Promise<unknown>;
  onCancel: () => Promise<unknown>;
  onResume: () => Promise<unknown>;
  onChanged: () => void;
}

/** Until when something is paid, and whether it renews itself. */
function PaidTime({ paid, cancelLabel, onRenewal, onCancel, onResume, onChanged }: PaidProps) {
  const t = useText("community");
  const confirm = useConfirm();
  const { isBusy, refusal, attempt } = useDeed();
  const isCancelled = paid.subscriptionStatus === "CANCELLED";
  const date = dateOf(new Date(paid.paidUntil));
  const act = async (deed: () => Promise<unknown>) => {
    if (await attempt(deed)) onChanged();
  };
  const cancel = async () => {
    const isSure = await confirm({ title: t("cancelTitle"), text: t("cancelText", { date }), action: cancelLabel, isDangerous: true });
    if (isSure) await act(onCancel);
  };
  return (
    <>
      <p>
        {isCancelled ? t("endsAt", { date }) : t("paidUntil", { date })}{" "}
        {!isCancelled && paid.hasAutoRenewal && typeof paid.agreed === "number" && t("renewsFor", { fee: t("coins", { count: paid.agreed }) })}
      </p>
      <ErrorNotice message={refusal} />
      {!isCancelled && (
        <Checkbox
          label={t("autoRenew")}
          checked={paid.hasAutoRenewal ?? false}
          disabled={isBusy}
          onChange={({ target }) => void act(() => onRenewal(target.checked))}
        />
      )}
      <p className="page-line">
        {isCancelled ? (
          <Button onClick={() => void act(onResume)} disabled={isBusy}>
            {t("resume")}
          </Button>
        ) : (
          <Button onClick={() => void cancel()} disabled={isBusy}>
            {cancelLabel}
          </Button>
        )}
      </p>
    </>
  );
}
