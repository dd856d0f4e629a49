import { useText } from "../../../i18n";
import { ErrorNotice, Loading } from "../../../ui/notices";
import { Page } from "../../../ui/page";
import { useListing } from "../../app/listing";
import { useQuery } from "../../app/plaza";
import { HOME } from "../../app/routes";
import { Deletion } from "./deletion";
import { Keys } from "./keys";
import { ProfileDocument, type ProfileQuery, SignInsDocument } from "./operations.generated";
import { Password } from "./password";
import { Profile } from "./profile";
import { Sessions } from "./sessions";

export type Viewer = NonNullable<ProfileQuery["viewer"]>;

/** The account of the viewer: name, password, sign-ins, keys, and its end. */
export default function AccountPage() {
  const t = useText("account");
  const { data, error, refresh } = useQuery(ProfileDocument, {});
  const signIns = useListing(SignInsDocument, { first: 20 }, ({ viewer }) => viewer?.sessions);
  const viewer = data?.viewer;
  // Another password ends the other sign-ins.
  const refreshAll = () => {
    refresh();
    signIns.refresh();
  };
  return (
    <Page title={t("title")} about={t("about")} back={HOME}>
      <ErrorNotice message={error?.message} onRetry={refresh} />
      {!viewer && !error && <Loading />}
      {viewer && (
        <>
          <Profile viewer={viewer} onChanged={refresh} />
          <Password onChanged={refreshAll} />
          <Sessions list={signIns} />
          <Keys keys={viewer.apiKeys} onChanged={refresh} />
          <Deletion />
        </>
      )}
    </Page>
  );
}
