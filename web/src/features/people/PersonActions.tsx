import { useState } from "react";
import { Button } from "@/components/Button";
import { Confirm, Dialog } from "@/components/Dialog";
import { ErrorSummary, Form, SelectField, textOf } from "@/components/Form";
import { useToast } from "@/components/Toast";
import { useChange } from "@/lib/changes";
import { useName, useTexts } from "@/lib/i18n";
import { useViewer } from "@/lib/viewer";
import { ChangeUserRole, DisableUser, EnableUser, type Person } from "./documents";
import { roleIn, roleOptions } from "./roles";
import { texts } from "./texts";

type PersonActionsProps = { person: Person; onChanged: () => void };
type Asked = "disable" | "changeRole";

/** What an administrator does with others; not with themselves. */
export function PersonActions({ person, onChanged }: PersonActionsProps) {
  const say = useTexts(texts);
  const toast = useToast();
  const viewer = useViewer();
  const [asked, ask] = useState<Asked | null>(null);
  const disabling = useChange(DisableUser);
  const enabling = useChange(EnableUser);
  if (person.email === viewer.email) return null;
  const close = () => {
    ask(null);
  };
  const finish = (done: unknown) => {
    close();
    if (done === null) return;
    toast(say("changed"));
    onChanged();
  };
  const input = { input: { id: person.id } };
  const opens = (what: Asked) => (
    <Button
      kind="quiet"
      aria-label={`${say(what)}: ${person.name}`}
      onClick={() => {
        ask(what);
      }}
    >
      {say(what)}
    </Button>
  );
  const isOurs = (person.organization === null) === (viewer.organization === null);
  return (
    <>
      <ErrorSummary errors={[...disabling.errors, ...enabling.errors]} />
      <div className="actions">
        {isOurs && opens("changeRole")}
        {person.status === "DISABLED" ? (
          <Button
            kind="quiet"
            busy={enabling.busy}
            aria-label={`${say("enable")}: ${person.name}`}
            onClick={async () => {
              finish(await enabling.run(input));
            }}
          >
            {say("enable")}
          </Button>
        ) : (
          opens("disable")
        )}
      </div>
      {asked === "disable" && (
        <Confirm
          title={say("disable")}
          action={say("disable")}
          busy={disabling.busy}
          onClose={close}
          onConfirm={async () => {
            finish(await disabling.run(input));
          }}
        >
          <p>{say("disableAsk", { name: person.name })}</p>
        </Confirm>
      )}
      {asked === "changeRole" && <RoleDialog person={person} onClose={close} onDone={finish} />}
    </>
  );
}

type RoleDialogProps = { person: Person; onClose: () => void; onDone: (done: unknown) => void };

function RoleDialog({ person, onClose, onDone }: RoleDialogProps) {
  const say = useTexts(texts);
  const name = useName();
  const viewer = useViewer();
  const { run, errors, busy } = useChange(ChangeUserRole);
  const change = async (values: FormData) => {
    const done = await run({ input: { id: person.id, role: roleIn(viewer, textOf(values, "role")) } });
    if (done !== null) onDone(done);
  };
  return (
    <Dialog title={`${say("changeRole")}: ${person.name}`} onClose={onClose}>
      <Form onSubmit={change} errors={errors}>
        <SelectField
          name="role"
          label={say("role")}
          defaultValue={person.role}
          options={roleOptions(viewer, name)}
        />
        <div className="actions end">
          <Button kind="primary" type="submit" busy={busy}>
            {say("save")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
