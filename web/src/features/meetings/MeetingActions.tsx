import { use, useState } from "react";
import { Button } from "@/components/Button";
import { Confirm, Dialog } from "@/components/Dialog";
import { ErrorSummary, Form, TextArea, textOf } from "@/components/Form";
import { Section } from "@/components/Page";
import { useToast } from "@/components/Toast";
import { useChange } from "@/lib/changes";
import { TimeZoneContext } from "@/lib/format";
import { useTexts } from "@/lib/i18n";
import { DecideDialog } from "./DecideDialog";
import {
  AmendMinutes,
  CancelMeeting,
  HoldMeeting,
  PrepareMeeting,
  RescheduleMeeting,
  ReviewMeeting,
  type Meeting,
} from "./documents";
import { PlanFields, planOf } from "./PlanFields";
import { texts } from "./texts";

type Step = "prepare" | "hold" | "amend" | "decide" | "review" | "reschedule" | "cancel";
const STEPS: Record<Meeting["status"], readonly Step[]> = {
  SCHEDULED: ["prepare", "reschedule", "cancel"],
  PREPARED: ["hold", "reschedule", "cancel"],
  HELD: ["decide", "amend"],
  DECIDED: ["review"],
  REVIEWED: [],
  CANCELLED: [],
};
const LEADS = { prepare: "prepareLead", decide: "decideLead", review: "reviewLead" } as const;

type MeetingActionsProps = { meeting: Meeting; onChanged: () => void };

/** What can be done from where the meeting stands. The server decides; this offers. */
export function MeetingActions({ meeting, onChanged }: MeetingActionsProps) {
  const say = useTexts(texts);
  const toast = useToast();
  const [asked, ask] = useState<Step | null>(null);
  const preparing = useChange(PrepareMeeting);
  const reviewing = useChange(ReviewMeeting);
  const cancelling = useChange(CancelMeeting);
  const steps = STEPS[meeting.status];
  const [first] = steps;
  if (first === undefined) return null;
  const busy = preparing.busy || reviewing.busy || cancelling.busy;
  const close = () => {
    ask(null);
  };
  const finish = () => {
    close();
    toast(say("done"));
    onChanged();
  };
  const input = { input: { id: meeting.id } };
  const take = async (change: typeof preparing | typeof reviewing | typeof cancelling) => {
    const done = await change.run(input);
    close();
    if (done !== null) finish();
  };
  const start = (step: Step) => {
    if (step === "prepare") void take(preparing);
    else if (step === "review") void take(reviewing);
    else ask(step);
  };
  const lead = first in LEADS ? say(LEADS[first as keyof typeof LEADS]) : undefined;
  return (
    <Section title={say("next")} note={lead}>
      <ErrorSummary errors={[...preparing.errors, ...reviewing.errors, ...cancelling.errors]} />
      <div className="actions">
        {steps.map((step) => (
          <Button
            key={step}
            kind={step === first ? "primary" : step === "cancel" ? "danger" : "plain"}
            busy={busy}
            onClick={() => {
              start(step);
            }}
          >
            {say(step)}
          </Button>
        ))}
      </div>
      {asked === "cancel" && (
        <Confirm
          title={say("cancel")}
          action={say("cancel")}
          busy={busy}
          onClose={close}
          onConfirm={() => take(cancelling)}
        >
          <p>{say("cancelAsk", { title: meeting.title })}</p>
        </Confirm>
      )}
      {asked === "reschedule" && <PlanDialog meeting={meeting} onClose={close} onDone={finish} />}
      {(asked === "hold" || asked === "amend") && (
        <MinutesDialog meeting={meeting} step={asked} onClose={close} onDone={finish} />
      )}
      {asked === "decide" && <DecideDialog meeting={meeting} onClose={close} onDone={finish} />}
    </Section>
  );
}

type DialogProps = { meeting: Meeting; onClose: () => void; onDone: () => void };

function PlanDialog({ meeting, onClose, onDone }: DialogProps) {
  const say = useTexts(texts);
  const zone = use(TimeZoneContext);
  const { run, errors, busy } = useChange(RescheduleMeeting);
  const send = async (values: FormData) => {
    if ((await run({ input: { id: meeting.id, plan: planOf(values, zone) } })) !== null) onDone();
  };
  return (
    <Dialog title={say("reschedule")} onClose={onClose}>
      <Form onSubmit={send} errors={errors}>
        <PlanFields plan={meeting} />
        <div className="actions end">
          <Button kind="primary" type="submit" busy={busy}>
            {say("reschedule")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

function MinutesDialog({ meeting, step, onClose, onDone }: DialogProps & { step: "hold" | "amend" }) {
  const say = useTexts(texts);
  const holding = useChange(HoldMeeting);
  const amending = useChange(AmendMinutes);
  const { run, errors, busy } = step === "hold" ? holding : amending;
  const send = async (values: FormData) => {
    const input = { id: meeting.id, minutes: textOf(values, "minutes") };
    if ((await run({ input })) !== null) onDone();
  };
  return (
    <Dialog title={say(step)} onClose={onClose}>
      <Form onSubmit={send} errors={errors}>
        <p>{say("noNames")}</p>
        <TextArea
          name="minutes"
          label={say("minutesOf")}
          hint={say("minutesHint")}
          defaultValue={meeting.minutes ?? ""}
          rows={12}
          maxLength={20_000}
          required
        />
        <div className="actions end">
          <Button kind="primary" type="submit" busy={busy}>
            {say(step)}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
