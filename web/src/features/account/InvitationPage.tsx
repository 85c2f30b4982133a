import { useState } from "react";
import { Button } from "@/components/Button";
import { exactTextOf, Form } from "@/components/Form";
import { GateHeading } from "@/components/Page";
import { useChange, type UserError } from "@/lib/changes";
import { useTexts } from "@/lib/i18n";
import { AcceptInvitation } from "./documents";
import { mismatchOf, NewPassword } from "./NewPassword";
import { texts } from "./texts";

export default function InvitationPage({ token }: { token: string }) {
  const say = useTexts(texts);
  const { run, errors, busy } = useChange(AcceptInvitation);
  const [differing, setDiffering] = useState<readonly UserError[]>([]);
  const accept = async (values: FormData) => {
    const found = mismatchOf(values, "password", say("mismatch"));
    setDiffering(found);
    if (found.length > 0) return;
    const done = await run({ input: { token, password: exactTextOf(values, "password") } });
    if (done !== null) window.location.assign("/app");
  };
  return (
    <>
      <GateHeading title={say("invitation")} />
      <p className="lead">{say("invitationLead")}</p>
      <Form onSubmit={accept} errors={differing.length > 0 ? differing : errors}>
        <NewPassword name="password" />
        <Button kind="primary" type="submit" busy={busy}>
          {say("join")}
        </Button>
      </Form>
    </>
  );
}
