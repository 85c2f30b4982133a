import { use, useState } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import { useQuery } from "urql";
import { Button } from "@/components/Button";
import { Form, SelectField, optionalText } from "@/components/Form";
import { Loaded } from "@/components/Loaded";
import { Page } from "@/components/Page";
import { useToast } from "@/components/Toast";
import { idempotencyKey, useChange } from "@/lib/changes";
import { TimeZoneContext } from "@/lib/format";
import { useTexts } from "@/lib/i18n";
import { useViewer } from "@/lib/viewer";
import { MeetingPartnerships, ScheduleMeeting } from "./documents";
import { PlanFields, planOf } from "./PlanFields";
import { texts } from "./texts";

export default function NewMeetingPage() {
  const say = useTexts(texts);
  const toast = useToast();
  const zone = use(TimeZoneContext);
  const [, go] = useLocation();
  const [search] = useSearchParams();
  const [key] = useState(idempotencyKey);
  const isOfCompany = useViewer().organization !== null;
  const { run, errors, busy } = useChange(ScheduleMeeting);
  const [result, again] = useQuery({ query: MeetingPartnerships });
  const schedule = async (values: FormData) => {
    const done = await run({
      input: {
        partnershipId: optionalText(values, "partnershipId"),
        plan: planOf(values, zone),
        idempotencyKey: key,
      },
    });
    if (done === null) return;
    toast(say("scheduled"));
    go(done.meeting ? `/meetings/${done.meeting.id}` : "/meetings");
  };
  return (
    <Page title={say("schedule")} back={<Link href="/meetings">{say("back")}</Link>}>
      <Loaded result={result} retry={again}>
        {({ partnerships }) => (
          <Form onSubmit={schedule} errors={errors}>
            <SelectField
              name="partnershipId"
              label={say("partnership")}
              empty={say(isOfCompany ? "choosePartnership" : "ofConsortium")}
              defaultValue={search.get("partnership") ?? ""}
              required={isOfCompany}
              options={partnerships.nodes.map(({ id, name }) => ({ value: id, label: name }))}
            />
            <PlanFields plan={null} />
            <div className="actions">
              <Button kind="primary" type="submit" busy={busy}>
                {say("schedule")}
              </Button>
            </div>
          </Form>
        )}
      </Loaded>
    </Page>
  );
}
