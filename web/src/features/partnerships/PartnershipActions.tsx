import { useState } from "react";
import { Button } from "@/components/Button";
import { Confirm } from "@/components/Dialog";
import { ErrorSummary } from "@/components/Form";
import { Section } from "@/components/Page";
import { useToast } from "@/components/Toast";
import { useChange } from "@/lib/changes";
import { useTexts } from "@/lib/i18n";
import type { Action } from "./actions";
import {
  AcceptPartnership,
  DeclinePartnership,
  EndPartnership,
  LeavePartnership,
  ResumePartnership,
  SuspendPartnership,
  WithdrawPartnership,
  type Partnership,
} from "./documents";
import { ReasonDialog } from "./ReasonDialog";
import { texts } from "./texts";

type ActionsProps = { partnership: Partnership; actions: readonly Action[]; onChanged: () => void };
type Asked = Exclude<Action, "resume">;

/** What the viewer can do: what binds or ends is asked again, or needs a reason. */
export function PartnershipActions({ partnership, actions, onChanged }: ActionsProps) {
  const say = useTexts(texts);
  const toast = useToast();
  const [asked, ask] = useState<Asked | null>(null);
  const changes = {
    accept: useChange(AcceptPartnership),
    decline: useChange(DeclinePartnership),
    withdraw: useChange(WithdrawPartnership),
    resume: useChange(ResumePartnership),
    leave: useChange(LeavePartnership),
  };
  const all = Object.values(changes);
  const isBusy = all.some((one) => one.busy);
  const close = () => {
    ask(null);
  };
  const take = async (action: keyof typeof changes) => {
    all.forEach((one) => {
      one.clear();
    });
    const done = await changes[action].run({ input: { id: partnership.id } });
    close();
    if (done === null) return;
    toast(say("done"));
    onChanged();
  };
  const finish = () => {
    close();
    onChanged();
  };
  if (actions.length === 0) return null;
  return (
    <Section title={say("next")} note={actions.includes("accept") ? say("acceptLead") : undefined}>
      <ErrorSummary errors={all.flatMap((one) => one.errors)} />
      <div className="actions">
        {actions.map((action) => (
          <Button
            key={action}
            kind={kindOf(action)}
            busy={isBusy}
            onClick={() => {
              if (action === "resume") void take(action);
              else ask(action);
            }}
          >
            {say(action)}
          </Button>
        ))}
      </div>
      {(asked === "accept" || asked === "decline" || asked === "withdraw" || asked === "leave") && (
        <Confirm
          title={say(asked)}
          action={say(asked)}
          busy={isBusy}
          onClose={close}
          onConfirm={() => take(asked)}
        >
          <Question partnership={partnership} action={asked} />
        </Confirm>
      )}
      {asked === "suspend" && (
        <ReasonDialog
          id={partnership.id}
          title={say("suspend")}
          lead={say("suspendLead")}
          mutation={SuspendPartnership}
          onClose={close}
          onDone={finish}
        />
      )}
      {asked === "end" && (
        <ReasonDialog
          id={partnership.id}
          title={say("end")}
          lead={say("endLead")}
          mutation={EndPartnership}
          onClose={close}
          onDone={finish}
        />
      )}
    </Section>
  );
}

function kindOf(action: Action) {
  if (action === "accept" || action === "resume") return "primary";
  return action === "suspend" ? "plain" : "danger";
}

type QuestionProps = { partnership: Partnership; action: "accept" | "decline" | "withdraw" | "leave" };

function Question({ partnership: { name, terms }, action }: QuestionProps) {
  const say = useTexts(texts);
  if (action === "accept") return <p>{say("acceptAsk", { name })}</p>;
  if (action === "decline") return <p>{say("declineAsk", { name })}</p>;
  if (action === "withdraw") return <p>{say("withdrawAsk", { name })}</p>;
  const n = terms?.noticeDays ?? 0;
  return <p>{n === 0 ? say("leaveAskNow", { name }) : say("leaveAsk", { name, n })}</p>;
}
