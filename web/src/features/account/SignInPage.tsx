import { Link } from "wouter";
import { Button } from "@/components/Button";
import { exactTextOf, Form, optionalText, TextField, textOf } from "@/components/Form";
import { GateHeading } from "@/components/Page";
import { useChange } from "@/lib/changes";
import { useTexts } from "@/lib/i18n";
import { SignIn } from "./documents";
import { texts } from "./texts";

export default function SignInPage() {
  const say = useTexts(texts);
  const { run, errors, busy } = useChange(SignIn);
  const signIn = async (values: FormData) => {
    const done = await run({
      input: {
        email: textOf(values, "email"),
        password: exactTextOf(values, "password"),
        consortium: optionalText(values, "consortium"),
      },
    });
    // A whole new page: nothing that was loaded for someone else stays.
    if (done !== null) window.location.assign("/app");
  };
  return (
    <>
      <GateHeading title={say("signIn")} />
      <Form onSubmit={signIn} errors={errors}>
        <TextField name="email" type="email" label={say("email")} autoComplete="username" required />
        <TextField
          name="password"
          type="password"
          label={say("password")}
          autoComplete="current-password"
          required
        />
        <details>
          <summary>{say("several")}</summary>
          <TextField name="consortium" label={say("consortium")} hint={say("consortiumHint")} />
        </details>
        <Button kind="primary" type="submit" busy={busy}>
          {say("signIn")}
        </Button>
      </Form>
      <p>
        <Link href="/forgotten">{say("forgotten")}</Link>
      </p>
      <p className="soft">{say("candidate")}</p>
    </>
  );
}
