import { ImageUp } from "lucide-react";
import { type ChangeEvent, useRef } from "react";
import { useText } from "../../../i18n";
import { Button } from "../../../ui/button";
import { ErrorNotice } from "../../../ui/notices";
import { toSquare } from "../../../ui/square";
import { useDeed, usePlaza } from "../../app/plaza";
import { rethrow } from "../../app/words";
import { RemovePictureDocument, UploadPictureDocument } from "./operations.generated";

/** Chooses or removes the picture of the viewer. */
export function Picture({ isSet, onChanged }: { isSet: boolean; onChanged: () => void }) {
  const t = useText("account");
  const { run, server } = usePlaza();
  const deed = useDeed();
  const files = useRef<HTMLInputElement>(null);
  const upload = async (file: File) => {
    const picture = await toSquare(file).catch(() => {
      throw new Error(t("noPicture"));
    });
    await server.upload(UploadPictureDocument, { picture: null }, "picture", picture).catch(rethrow);
  };
  const choose = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const file = target.files?.[0];
    if (file && (await deed.attempt(() => upload(file)))) onChanged();
    // The same file may be chosen again.
    target.value = "";
  };
  const remove = async () => {
    if (await deed.attempt(() => run(RemovePictureDocument, {}))) onChanged();
  };
  return (
    <>
      <p className="page-line">
        <Button isSmall disabled={deed.isBusy} onClick={() => files.current?.click()}>
          <ImageUp size={15} aria-hidden="true" /> {t("choosePicture")}
        </Button>
        {isSet && (
          <Button isSmall disabled={deed.isBusy} onClick={() => void remove()}>
            {t("removePicture")}
          </Button>
        )}
        <input ref={files} type="file" hidden accept="image/*" aria-label={t("choosePicture")} onChange={(event) => void choose(event)} />
      </p>
      <ErrorNotice message={deed.refusal} />
    </>
  );
}
