import { useState } from "react";
import { useText } from "../../../i18n";
import { Checkbox } from "../../../ui/field";
import { canNotify, isNotifying, isSounding, setNotifying, setSounding } from "../../app/notifications";

/** Whether this browser tells of new messages, and how. */
export function Notifications() {
  const t = useText("settings");
  const [isOn, setOn] = useState(isNotifying);
  const [isLoud, setLoud] = useState(isSounding);
  const [isRefused, setRefused] = useState(false);
  const change = async (wanted: boolean) => {
    const isNow = await setNotifying(wanted);
    setOn(isNow);
    setRefused(wanted && !isNow);
  };
  return (
    <fieldset className="settings-group">
      <legend>{t("notifications")}</legend>
      {canNotify ? (
        <Checkbox
          label={t("desktop")}
          hint={isRefused ? t("refused") : t("desktopHint")}
          checked={isOn}
          onChange={({ target }) => void change(target.checked)}
        />
      ) : (
        <p className="field-hint">{t("noNotifications")}</p>
      )}
      <Checkbox
        label={t("sound")}
        checked={isLoud}
        onChange={({ target }) => {
          setSounding(target.checked);
          setLoud(target.checked);
        }}
      />
    </fieldset>
  );
}
