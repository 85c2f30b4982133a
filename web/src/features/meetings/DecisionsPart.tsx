import { LinkButton } from "@/components/Button";
import { Facts } from "@/components/Facts";
import { Section } from "@/components/Page";
import { Status } from "@/components/Status";
import { useFormat } from "@/lib/format";
import { joined, useName, useTexts } from "@/lib/i18n";
import { useNameOf } from "@/lib/vocabulary";
import type { Decision, Meeting } from "./documents";
import { figureNames, texts, verdictNames, verdictTones } from "./texts";

type DecisionsPartProps = { meeting: Meeting; isManager: boolean };

/** What was decided, and what came of it once that was measured. */
export function DecisionsPart({ meeting, isManager }: DecisionsPartProps) {
  const say = useTexts(texts);
  const { decisions, partnership, status } = meeting;
  const mayAmend = isManager && status === "DECIDED" && partnership !== null;
  return (
    <Section title={say("decisions")}>
      {decisions.length === 0 && <p className="note">{say("noDecisions")}</p>}
      {decisions.map((decision) => (
        <section key={decision.id} className="stack">
          <h3>{say("decision", { n: decision.number })}</h3>
          <p>{decision.text}</p>
          <DecisionFacts decision={decision} />
          {mayAmend && decision.terms === null && (
            <div className="actions">
              <LinkButton href={`/partnerships/${partnership.id}?decision=${decision.id}`}>
                {say("proposeTerms")}
              </LinkButton>
            </div>
          )}
        </section>
      ))}
    </Section>
  );
}

function DecisionFacts({ decision }: { decision: Decision }) {
  const say = useTexts(texts);
  const name = useName();
  const nameOf = useNameOf();
  const format = useFormat();
  const { owner, ownerName, dueOn, figure, terms, effect } = decision;
  const owners = [owner === null ? "" : nameOf(owner), ownerName ?? ""].filter(Boolean);
  return (
    <Facts
      facts={[
        [say("owner"), joined(owners, " ")],
        [say("dueOn"), format.day(dueOn)],
        [say("figure"), figure === null ? say("noFigure") : name(figureNames[figure])],
        [say("terms"), terms === null ? "–" : say("termsVersion", { n: terms.number })],
        ...(figure === null
          ? []
          : [
              [
                say("effect"),
                effect === null ? (
                  say("notMeasured")
                ) : (
                  <>
                    <Status tone={verdictTones[effect.comparison.verdict]}>
                      {name(verdictNames[effect.comparison.verdict])}
                    </Status>{" "}
                    {effect.comparison.words}
                  </>
                ),
              ] as const,
            ]),
      ]}
    />
  );
}
