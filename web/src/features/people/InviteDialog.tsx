import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Form, SelectField, TextField, textOf } from "@/components/Form";
import { useToast } from "@/components/Toast";
import { useChange } from "@/lib/changes";
import { useLanguage, useName, useTexts } from "@/lib/i18n";
import { useViewer } from "@/lib/viewer";
import { InviteUser } from "./documents";
import { roleIn, roleOptions } from "./roles";
import { texts } from "./texts";

type InviteDialogProps = { onClose: () => void; onInvited: () => void };

export function InviteDialog({ onClose, onInvited }: InviteDialogProps) {
  const say = useTexts(texts);
  const name = useName();
  const toast = useToast();
  const viewer = useViewer();
  const locale = useLanguage();
  const { run, errors, busy } = useChange(InviteUser);
  const invite = async (values: FormData) => {
    const done = await run({
      input: {
        name: textOf(values, "name"),
        email: textOf(values, "email"),
        role: roleIn(viewer, textOf(values, "role")),
        locale,
      },
    });
    if (done === null) return;
    toast(say("sent"));
    onInvited();
  };
  return (
    <Dialog title={say("invite")} onClose={onClose}>
      <Form onSubmit={invite} errors={errors}>
        <TextField name="name" label={say("name")} required maxLength={100} />
        <TextField name="email" type="email" label={say("email")} required />
        <SelectField name="role" label={say("role")} options={roleOptions(viewer, name)} />
        <div className="actions end">
          <Button kind="primary" type="submit" busy={busy}>
            {say("send")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
