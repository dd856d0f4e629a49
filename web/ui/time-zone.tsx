import { type ComponentProps, useId } from "react";
import { Field } from "./field";

/** The names of all time zones that the browser knows. */
const ZONES = Intl.supportedValuesOf("timeZone");

/** A field for the name of a time zone, with all names offered. */
export function TimeZoneField(props: ComponentProps<typeof Field>) {
  const id = useId();
  return (
    <>
      <Field list={id} autoComplete="off" placeholder={Intl.DateTimeFormat().resolvedOptions().timeZone} {...props} />
      <datalist id={id}>
        {ZONES.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  );
}
