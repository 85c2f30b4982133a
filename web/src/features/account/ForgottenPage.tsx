import { useState } from "react";
import { Link } from "wouter";
import { Button } from "@/components/Button";
import { Form, TextField, textOf } from "@/components/Form";
import { GateHeading } from "@/components/Page";
import { useChange } from "@/lib/changes";
import { useTexts } from "@/lib/i18n";
import { RequestPasswordReset, texts } from "./passwordResets";

export default function ForgottenPage() {
  const say = useTexts(texts);
  const { run, errors, busy } = useChange(RequestPasswordReset);
  const [sent, setSent] = useState(false);
  const ask = async (values: FormData) => {
    const done = await run({ input: { email: textOf(values, "email") } });
    if (done !== null) setSent(true);
  };
  return (
    <>
      <GateHeading title={say(sent ? "sent" : "forgotten")} />
      {sent ? (
        <>
          <p className="lead" role="status">
            {say("sentLead")}
          </p>
          <p className="soft">{say("nothingCame")}</p>
        </>
      ) : (
        <>
          <p className="lead">{say("forgottenLead")}</p>
          <Form onSubmit={ask} errors={errors}>
            <TextField name="email" type="email" label={say("email")} autoComplete="username" required />
            <Button kind="primary" type="submit" busy={busy}>
              {say("send")}
            </Button>
          </Form>
        </>
      )}
      <p>
        <Link href="/sign-in">{say("toSignIn")}</Link>
      </p>
    </>
  );
}
