import { useState } from "react";
import { Button } from "@/components/Button";
import { Facts } from "@/components/Facts";
import { exactTextOf, Form, TextField } from "@/components/Form";
import { Page, Section } from "@/components/Page";
import { useToast } from "@/components/Toast";
import { useChange, type UserError } from "@/lib/changes";
import { useName, useTexts } from "@/lib/i18n";
import { roleNames } from "@/lib/names";
import { useViewer } from "@/lib/viewer";
import { useNameOf } from "@/lib/vocabulary";
import { ChangePassword } from "./documents";
import { mismatchOf, NewPassword } from "./NewPassword";
import { texts } from "./texts";

export default function SettingsPage() {
  const say = useTexts(texts);
  const name = useName();
  const nameOf = useNameOf();
  const viewer = useViewer();
  const { organization, consortium } = viewer;
  return (
    <Page title={say("settings")}>
      <div className="columns">
        <Section title={say("you")}>
          <Facts
            facts={[
              [say("name"), viewer.name],
              [say("email"), viewer.email],
              [say("role"), name(roleNames[viewer.role])],
              [say("organization"), organization === null ? consortium.name : nameOf(organization)],
            ]}
          />
        </Section>
        <Section title={say("changePassword")}>
          <PasswordForm />
        </Section>
      </div>
    </Page>
  );
}

function PasswordForm() {
  const say = useTexts(texts);
  const toast = useToast();
  const { run, errors, busy } = useChange(ChangePassword);
  const [differing, setDiffering] = useState<readonly UserError[]>([]);
  const [changed, setChanged] = useState(0);
  const change = async (values: FormData) => {
    const found = mismatchOf(values, "newPassword", say("mismatch"));
    setDiffering(found);
    if (found.length > 0) return;
    const done = await run({ input: { currentPassword: exactTextOf(values, "currentPassword"), newPassword: exactTextOf(values, "newPassword") } });
    if (done === null) return;
    toast(say("passwordChanged"));
    setChanged(changed + 1);
  };
  return (
    <Form key={changed} onSubmit={change} errors={differing.length > 0 ? differing : errors}>
      <TextField
        name="currentPassword"
        type="password"
        label={say("currentPassword")}
        autoComplete="current-password"
        required
      />
      <NewPassword name="newPassword" />
      <div className="actions">
        <Button kind="primary" type="submit" busy={busy}>
          {say("changePassword")}
        </Button>
      </div>
    </Form>
  );
}
