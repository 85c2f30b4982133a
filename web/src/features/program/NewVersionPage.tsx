import { use, useState } from "react";
import { Link, useLocation } from "wouter";
import { useQuery } from "urql";
import { Button } from "@/components/Button";
import { Confirm } from "@/components/Dialog";
import { Form, SelectField, TextArea, TextField, textOf } from "@/components/Form";
import { Loaded } from "@/components/Loaded";
import { Page } from "@/components/Page";
import { useToast } from "@/components/Toast";
import { Agencies } from "@/lib/agencies";
import { useChange } from "@/lib/changes";
import { startOfDay, TimeZoneContext } from "@/lib/format";
import { useTexts } from "@/lib/i18n";
import { useNameOf } from "@/lib/vocabulary";
import { ProgramVersions, PublishProgramVersion, type Version } from "./documents";
import { readRefunds, writeRefunds } from "./refunds";
import { NumberField, numberOf, RuleFields, rulesOf } from "./RuleFields";
import { texts } from "./texts";

const STANDARD_REFUNDS = [
  { days: 30, percent: 80 },
  { days: 90, percent: 50 },
];
const FIRST = { first: 1, after: null, last: null, before: null };

export default function NewVersionPage() {
  const say = useTexts(texts);
  const [versions, again] = useQuery({ query: ProgramVersions, variables: FIRST });
  return (
    <Page title={say("publish")} lead={say("lead")} back={<Link href="/program">{say("back")}</Link>}>
      <Loaded result={versions} retry={again}>
        {({ program }) => <VersionForm newest={program?.versions.nodes[0] ?? null} />}
      </Loaded>
    </Page>
  );
}

/** Begins with what the newest version says. */
function VersionForm({ newest }: { newest: Version | null }) {
  const say = useTexts(texts);
  const nameOf = useNameOf();
  const toast = useToast();
  const timeZone = use(TimeZoneContext);
  const [, go] = useLocation();
  const [agencies, again] = useQuery({ query: Agencies });
  const { run, errors, busy } = useChange(PublishProgramVersion);
  const [asked, ask] = useState<FormData | null>(null);
  const publish = async (values: FormData) => {
    const from = textOf(values, "effectiveFrom");
    const done = await run({
      input: {
        ...rulesOf(values),
        defaultAgencyId: textOf(values, "defaultAgencyId"),
        effectiveFrom: from === "" ? null : startOfDay(from, timeZone),
        freeHireValidDays: numberOf(values, "freeHireValidDays"),
        guaranteeDays: numberOf(values, "guaranteeDays"),
        refundSchedule: readRefunds(textOf(values, "refundSchedule")),
        graceDays: numberOf(values, "graceDays"),
        linkLimit: numberOf(values, "linkLimit"),
        deviceLimit: numberOf(values, "deviceLimit"),
      },
    });
    ask(null);
    if (done === null) return;
    toast(say("published", { n: done.programVersion?.number ?? 0 }));
    go("/program");
  };
  return (
    <Loaded result={agencies} retry={again}>
      {({ consortium }) => (
        <Form onSubmit={ask} errors={errors}>
          <SelectField
            name="defaultAgencyId"
            label={say("agency")}
            hint={say("agencyHint")}
            required
            defaultValue={newest?.defaultAgency?.id}
            options={consortium.members.nodes.map((agency) => ({ value: agency.id, label: nameOf(agency) }))}
          />
          <TextField name="effectiveFrom" type="date" label={say("from")} hint={say("startsNow")} />
          <RuleFields rules={newest} />
          <NumberField
            name="freeHireValidDays"
            label={say("valid")}
            min={1}
            max={3650}
            value={newest?.freeHireValidDays ?? 730}
          />
          <NumberField
            name="guaranteeDays"
            label={say("guarantee")}
            hint={say("guaranteeHint")}
            min={0}
            max={365}
            value={newest?.guaranteeDays ?? 90}
          />
          <TextArea
            name="refundSchedule"
            label={say("refunds")}
            hint={say("refundsHint")}
            rows={3}
            defaultValue={writeRefunds(newest?.refundSchedule ?? STANDARD_REFUNDS)}
          />
          <NumberField name="graceDays" label={say("grace")} min={0} max={3650} value={newest?.graceDays ?? 180} />
          <div className="pair">
            <NumberField
              name="linkLimit"
              label={say("linkLimit")}
              hint={say("limitHint")}
              min={1}
              max={100_000}
              value={newest?.linkLimit ?? 100}
            />
            <NumberField
              name="deviceLimit"
              label={say("deviceLimit")}
              hint={say("limitHint")}
              min={1}
              max={1000}
              value={newest?.deviceLimit ?? 10}
            />
          </div>
          <div className="actions">
            <Button kind="primary" type="submit" busy={busy}>
              {say("publish")}
            </Button>
          </div>
          {asked !== null && (
            <Confirm
              title={say("publish")}
              action={say("publish")}
              busy={busy}
              onClose={() => {
                ask(null);
              }}
              onConfirm={() => publish(asked)}
            >
              <p>{say("publishAsk")}</p>
            </Confirm>
          )}
        </Form>
      )}
    </Loaded>
  );
}
