import { TextField } from "@/components/Form";
import type { UserError } from "@/lib/changes";
import { useTexts } from "@/lib/i18n";
import { texts } from "./texts";

/** A new password, typed twice. `name` is the field's name in the mutation's input. */
export function NewPassword({ name }: { name: string }) {
  const say = useTexts(texts);
  return (
    <>
      <TextField
        name={name}
        type="password"
        label={say("newPassword")}
        hint={say("passwordHint")}
        autoComplete="new-password"
        required
        minLength={12}
      />
      <TextField name="repeat" type="password" label={say("repeat")} autoComplete="new-password" required />
    </>
  );
}

/** The error where the two entries differ, else none. */
export function mismatchOf(values: FormData, name: string, message: string): readonly UserError[] {
  return values.get(name) === values.get("repeat") ? [] : [{ code: "MISMATCH", message, path: ["repeat"] }];
}
