import { useState } from "react";
import { Button } from "@/components/Button";
import { Confirm } from "@/components/Dialog";
import { ErrorSummary } from "@/components/Form";
import { useToast } from "@/components/Toast";
import { useChange } from "@/lib/changes";
import { useTexts } from "@/lib/i18n";
import { actionsFor, type Action } from "./actions";
import { AcceptFunding, DeclineFunding, StopFunding, type Funding } from "./documents";
import { texts } from "./texts";

const QUESTIONS = { accept: "acceptAsk", decline: "declineAsk", stop: "stopAsk" } as const;

type AnswerPartProps = { funding: Funding; onChanged: () => void };

/** Each answer binds: it is asked again. */
export function AnswerPart({ funding, onChanged }: AnswerPartProps) {
  const say = useTexts(texts);
  const toast = useToast();
  const [asked, ask] = useState<Action | null>(null);
  const changes = {
    accept: useChange(AcceptFunding),
    decline: useChange(DeclineFunding),
    stop: useChange(StopFunding),
  };
  const all = Object.values(changes);
  const isBusy = all.some((one) => one.busy);
  const close = () => {
    ask(null);
  };
  const take = async (action: Action) => {
    const done = await changes[action].run({ input: { id: funding.id } });
    close();
    if (done === null) return;
    toast(say("done"));
    onChanged();
  };
  const name = funding.partnershipName;
  return (
    <>
      <ErrorSummary errors={all.flatMap((one) => one.errors)} />
      <div className="actions">
        {actionsFor(funding).map((action) => (
          <Button
            key={action}
            kind={action === "accept" ? "primary" : "danger"}
            busy={isBusy}
            onClick={() => {
              ask(action);
            }}
          >
            {say(action)}
          </Button>
        ))}
      </div>
      {asked !== null && (
        <Confirm title={say(asked)} action={say(asked)} busy={isBusy} onClose={close} onConfirm={() => take(asked)}>
          <p>{say(QUESTIONS[asked], { name })}</p>
        </Confirm>
      )}
    </>
  );
}
