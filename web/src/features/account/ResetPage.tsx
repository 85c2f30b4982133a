import { useState } from "react";
import { Link } from "wouter";
import { Button } from "@/components/Button";
import { exactTextOf, Form } from "@/components/Form";
import { GateHeading } from "@/components/Page";
import { useChange, type UserError } from "@/lib/changes";
import { useTexts } from "@/lib/i18n";
import { mismatchOf, NewPassword } from "./NewPassword";
import { ResetPassword, texts } from "./passwordResets";

export default function ResetPage({ token }: { token: string }) {
  const say = useTexts(texts);
  const { run, errors, busy } = useChange(ResetPassword);
  const [differing, setDiffering] = useState<readonly UserError[]>([]);
  const reset = async (values: FormData) => {
    const found = mismatchOf(values, "password", say("mismatch"));
    setDiffering(found);
    if (found.length > 0) return;
    const done = await run({ input: { token, password: exactTextOf(values, "password") } });
    // A whole new page: nothing that was loaded for someone else stays.
    if (done !== null) window.location.assign("/app");
  };
  return (
    <>
      <GateHeading title={say("reset")} />
      <p className="lead">{say("resetLead")}</p>
      <Form onSubmit={reset} errors={differing.length > 0 ? differing : errors}>
        <NewPassword name="password" />
        <Button kind="primary" type="submit" busy={busy}>
          {say("take")}
        </Button>
      </Form>
      <p>
        <Link href="/forgotten">{say("askAgain")}</Link>
      </p>
    </>
  );
}
