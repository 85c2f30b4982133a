import { useState } from "react";
import { Button } from "@/components/Button";
import { ErrorSummary } from "@/components/Form";
import { Section } from "@/components/Page";
import { useToast } from "@/components/Toast";
import { useChange } from "@/lib/changes";
import { useTexts } from "@/lib/i18n";
import { useViewer } from "@/lib/viewer";
import { AcceptReferral, MakeOffer, StartInterviews, WithdrawProposal, type Referral } from "./documents";
import { DeclineDialog } from "./DeclineDialog";
import { FreeHirePart } from "./FreeHirePart";
import { HireDialog } from "./HireDialog";
import { hasEnded, partnerStepsFor, stepsFor, takesFreeHire, type Side, type Step } from "./steps";
import { texts } from "./texts";

type NextStepsProps = { referral: Referral; onChanged: () => void };

export function NextSteps({ referral, onChanged }: NextStepsProps) {
  const say = useTexts(texts);
  const viewer = useViewer();
  const side = sideOf(referral, viewer.organization?.id);
  const { status, channel, isAsked } = referral;
  if (status === null || channel === "RELAY_LINK") return null;
  const isPartners = channel === "PARTNER_SHARE";
  const possible = isPartners ? partnerStepsFor(side, status, isAsked) : stepsFor(side, status);
  const steps = viewer.may("HANDLE_REFERRALS") ? possible : [];
  const mayRedeem =
    !isPartners && side === "receiver" && viewer.may("SPEND_FREE_HIRES") && takesFreeHire(status);
  return (
    <Section title={say("next")}>
      {steps.length === 0 && <p>{say(hasEnded(status) ? "over" : "nothingToDo")}</p>}
      {mayRedeem && <FreeHirePart referral={referral} onChanged={onChanged} />}
      <Steps referral={referral} steps={steps} onChanged={onChanged} />
    </Section>
  );
}

function sideOf(referral: Referral, organizationId: string | undefined): Side {
  if (organizationId === undefined) return "none";
  if (referral.receiver?.id === organizationId) return "receiver";
  return referral.giver?.id === organizationId ? "giver" : "none";
}

const SAID = { accept: "accepted", interview: "interviewing", offer: "offered", withdraw: "withdrawn" } as const;

function Steps({ referral, steps, onChanged }: NextStepsProps & { steps: readonly Step[] }) {
  const say = useTexts(texts);
  const toast = useToast();
  const [asked, ask] = useState<"hire" | "decline" | null>(null);
  const changes = {
    accept: useChange(AcceptReferral),
    interview: useChange(StartInterviews),
    offer: useChange(MakeOffer),
    withdraw: useChange(WithdrawProposal),
  };
  const take = async (step: Step) => {
    if (step === "hire" || step === "decline") {
      ask(step);
      return;
    }
    if ((await changes[step].run({ input: { id: referral.id } })) === null) return;
    toast(say(SAID[step]));
    onChanged();
  };
  const close = () => {
    ask(null);
  };
  const finish = () => {
    close();
    onChanged();
  };
  const all = Object.values(changes);
  return (
    <>
      <ErrorSummary errors={all.flatMap((one) => one.errors)} />
      <div className="actions">
        {steps.map((step, index) => (
          <Button
            key={step}
            kind={index === 0 ? "primary" : "plain"}
            busy={all.some((one) => one.busy)}
            onClick={() => take(step)}
          >
            {say(step)}
          </Button>
        ))}
      </div>
      {asked === "decline" && <DeclineDialog referral={referral} onClose={close} onDone={finish} />}
      {asked === "hire" && <HireDialog referral={referral} onClose={close} onDone={finish} />}
    </>
  );
}
