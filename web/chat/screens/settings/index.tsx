import { useText } from "../../../i18n";
import { Select } from "../../../ui/field";
import { Page } from "../../../ui/page";
import { LanguageChoice } from "../../app/sign-in";
import { type Appearance, appearance, chooseAppearance } from "../../app/appearance";
import { Notifications } from "./notifications";
import "./settings.css";

/** Settings of appearance and sound in this browser. */
export default function Settings() {
  const t = useText("settings");
  return (
    <Page title={t("title")} about={t("about")}>
      <div className="settings">
        <LanguageChoice />
        <Select label={t("appearance")} defaultValue={appearance()} onChange={({ target }) => chooseAppearance(target.value as Appearance)}>
          <option value="system">{t("system")}</option>
          <option value="light">{t("light")}</option>
          <option value="dark">{t("dark")}</option>
        </Select>
        <Notifications />
      </div>
    </Page>
  );
}
