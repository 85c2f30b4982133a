import { LinkButton } from "@/components/Button";
import { Section } from "@/components/Page";
import { useTexts } from "@/lib/i18n";
import type { Step } from "./documents";
import { texts } from "./texts";

const PLACES: Record<Step["name"], string> = {
  MAKE_LINK: "/links/new",
  LOOK_AT_TEMPLATE: "/templates",
  LOAD_PEOPLE: "/mailings/new",
  SEND_MAILS: "/mailings",
  FIRST_REGISTRATION: "/ledger",
};

/** The way to the first registration: what is done, and what is next. */
export function PathSection({ steps }: { steps: readonly Step[] }) {
  const say = useTexts(texts);
  return (
    <Section title={say("path")} note={say("pathLead")}>
      <ol className="path">
        {steps.map((step) => (
          <li key={step.name} className={classOf(step)} aria-current={step.isNext ? "step" : undefined}>
            <div>
              <p className="step-title">
                {step.title}
                {step.done && <span className="visually-hidden">（{say("isDone")}）</span>}
                {step.isNext && <span className="new-mark">{say("isNext")}</span>}
              </p>
              {!step.done && <p className="note">{step.hint}</p>}
            </div>
            {step.isNext && (
              <LinkButton href={PLACES[step.name]} kind="primary">
                {say("begin")}
              </LinkButton>
            )}
          </li>
        ))}
      </ol>
    </Section>
  );
}

function classOf(step: Step): string | undefined {
  if (step.done) return "done";
  return step.isNext ? "next" : undefined;
}
