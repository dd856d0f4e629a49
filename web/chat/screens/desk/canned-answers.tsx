import { MessageSquareQuote } from "lucide-react";
import { useState } from "react";
import { useText } from "../../../i18n";
import { Button } from "../../../ui/button";
import { Dialog, useConfirm } from "../../../ui/dialog";
import { Field, TextArea } from "../../../ui/field";
import { Form, textOf } from "../../../ui/form";
import { EmptyState, ErrorNotice, Loading } from "../../../ui/notices";
import { useDeed, usePlaza, useQuery } from "../../app/plaza";
import { CannedAnswersDocument, type CannedAnswersQuery, CreateCannedDocument, DeleteCannedDocument, UpdateCannedDocument } from "./operations.generated";

type Answer = NonNullable<CannedAnswersQuery["cannedAnswers"]>[number];

/** The answers that the team has prepared. */
export function CannedAnswers({ id, canEdit }: { id: string; canEdit: boolean }) {
  const t = useText("desk");
  const common = useText("common");
  const { run } = usePlaza();
  const confirm = useConfirm();
  const { isBusy, refusal, attempt } = useDeed();
  const { data, error, refresh } = useQuery(CannedAnswersDocument, { id });
  const [edited, setEdited] = useState<Answer | "new" | null>(null);
  const answers = data?.cannedAnswers;
  const remove = async ({ id, title }: Answer) => {
    const isSure = await confirm({ title: t("deleteTitle", { title }), text: t("deleteText"), action: common("delete"), isDangerous: true });
    if (isSure && (await attempt(() => run(DeleteCannedDocument, { id })))) refresh();
  };
  const create = canEdit && (
    <Button look="primary" onClick={() => setEdited("new")}>
      {t("newAnswer")}
    </Button>
  );
  return (
    <>
      <ErrorNotice message={refusal ?? error?.message} onRetry={error ? refresh : undefined} />
      {!answers && !error && <Loading />}
      {answers?.length === 0 && (
        <EmptyState icon={<MessageSquareQuote size={28} aria-hidden="true" />} title={t("noAnswers")} actions={create}>
          {t("noAnswersText")}
        </EmptyState>
      )}
      {answers && answers.length > 0 && <p className="page-line">{create}</p>}
      <ul className="cards">
        {answers?.map((answer) => (
          <li key={answer.id} className="card">
            <span className="card-text">
              <span className="card-title">
                <bdi>{answer.title}</bdi>
              </span>
              <bdi className="card-about">{answer.text}</bdi>
            </span>
            {canEdit && (
              <span className="card-actions">
                <Button isSmall onClick={() => setEdited(answer)}>
                  {common("edit")}
                </Button>
                <Button isSmall onClick={() => void remove(answer)} disabled={isBusy}>
                  {common("delete")}
                </Button>
              </span>
            )}
          </li>
        ))}
      </ul>
      {edited && <AnswerDialog communityId={id} answer={edited === "new" ? null : edited} onClose={() => setEdited(null)} onDone={refresh} />}
    </>
  );
}

interface DialogProps {
  communityId: string;
  /** Null makes a new one. */
  answer: Answer | null;
  onClose: () => void;
  onDone: () => void;
}

function AnswerDialog({ communityId, answer, onClose, onDone }: DialogProps) {
  const t = useText("desk");
  const common = useText("common");
  const { run } = usePlaza();
  const deed = useDeed();
  const save = async (values: FormData) => {
    const texts = { title: textOf(values, "title"), text: textOf(values, "text") };
    const isSaved = await deed.attempt(() =>
      answer ? run(UpdateCannedDocument, { id: answer.id, ...texts }) : run(CreateCannedDocument, { communityId, ...texts }),
    );
    if (!isSaved) return;
    onDone();
    onClose();
  };
  return (
    <Dialog title={answer ? answer.title : t("newAnswer")} onClose={onClose}>
      <Form submission={deed} onSubmit={(values) => void save(values)} onCancel={onClose} action={common("save")}>
        <Field label={t("answerTitle")} name="title" defaultValue={answer?.title} required maxLength={100} />
        <TextArea label={t("answerText")} name="text" defaultValue={answer?.text} required rows={5} />
      </Form>
    </Dialog>
  );
}
