import { use } from "react";
import { Link, useLocation } from "wouter";
import { Button, LinkButton } from "@/components/Button";
import { Form, optionalText, SelectField, TextField, textOf } from "@/components/Form";
import { Page } from "@/components/Page";
import { useToast } from "@/components/Toast";
import { useChange } from "@/lib/changes";
import { endOfDay, TimeZoneContext } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { words } from "@/lib/words";
import { CreateRelayLink } from "./documents";
import { texts, usageNames } from "./texts";

export default function NewLinkPage() {
  const say = useTexts(texts);
  const common = useTexts(words);
  const name = useName();
  const toast = useToast();
  const timeZone = use(TimeZoneContext);
  const [, go] = useLocation();
  const { run, errors, busy } = useChange(CreateRelayLink);
  const create = async (values: FormData) => {
    const until = textOf(values, "expiresAt");
    const made = await run({
      input: {
        campaign: textOf(values, "campaign"),
        openingTitle: optionalText(values, "openingTitle"),
        stage: optionalText(values, "stage"),
        usage: textOf(values, "usage") === "PUBLIC" ? "PUBLIC" : "REJECTION_MAIL",
        expiresAt: until === "" ? null : endOfDay(until, timeZone),
      },
    });
    if (made === null) return;
    toast(say("made"));
    go("/links");
  };
  const usages = (["REJECTION_MAIL", "PUBLIC"] as const).map((value) => ({ value, label: name(usageNames[value]) }));
  return (
    <Page title={say("create")} back={<Link href="/links">{say("back")}</Link>}>
      <Form onSubmit={create} errors={errors}>
        <TextField name="campaign" label={say("campaign")} hint={say("campaignHint")} required maxLength={100} />
        <SelectField name="usage" label={say("usage")} options={usages} />
        <TextField name="openingTitle" label={say("openingTitle")} hint={say("openingTitleHint")} />
        <TextField name="stage" label={say("stage")} hint={say("stageHint")} />
        <TextField name="expiresAt" type="date" label={say("expires")} hint={say("expiresHint")} />
        <div className="actions">
          <Button kind="primary" type="submit" busy={busy}>
            {say("create")}
          </Button>
          <LinkButton href="/links">{common("cancel")}</LinkButton>
        </div>
      </Form>
    </Page>
  );
}
