import { useState } from "react";
import { Link, useLocation } from "wouter";
import { Button } from "@/components/Button";
import { CheckField, Form, SelectField, TextField, textOf } from "@/components/Form";
import { Page } from "@/components/Page";
import { useToast } from "@/components/Toast";
import { useChange } from "@/lib/changes";
import { useTexts } from "@/lib/i18n";
import { AddMember } from "./documents";
import { MemberFields, memberOf } from "./MemberFields";
import { texts } from "./texts";

export default function NewMemberPage() {
  const say = useTexts(texts);
  const toast = useToast();
  const [, go] = useLocation();
  const [isAgency, setAgency] = useState(false);
  const { run, errors, busy } = useChange(AddMember);
  const add = async (values: FormData) => {
    const done = await run({
      input: {
        kind: isAgency ? "AGENCY" : "COMPANY",
        corporateNumber: textOf(values, "corporateNumber"),
        invite: values.has("invite"),
        ...memberOf(values),
      },
    });
    if (done === null) return;
    toast(say("added"));
    go(done.member ? `/members/${done.member.id}` : "/members");
  };
  return (
    <Page title={say("add")} back={<Link href="/members">{say("back")}</Link>}>
      <Form onSubmit={add} errors={errors}>
        <SelectField
          name="kind"
          label={say("kind")}
          value={isAgency ? "AGENCY" : "COMPANY"}
          onChange={(event) => {
            setAgency(event.target.value === "AGENCY");
          }}
          options={[
            { value: "COMPANY", label: say("company") },
            { value: "AGENCY", label: say("agency") },
          ]}
        />
        <TextField
          name="corporateNumber"
          label={say("number")}
          hint={say("numberHint")}
          inputMode="numeric"
          required
        />
        <MemberFields licensed={isAgency} />
        <CheckField name="invite" label={say("invite")} />
        <div className="actions">
          <Button kind="primary" type="submit" busy={busy}>
            {say("add")}
          </Button>
        </div>
      </Form>
    </Page>
  );
}
