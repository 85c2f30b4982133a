import { Link } from "wouter";
import { useQuery } from "urql";
import { EmptyState } from "@/components/EmptyState";
import { Loaded } from "@/components/Loaded";
import { MatchScore, MatchWhy } from "@/components/MatchWhy";
import { Section } from "@/components/Page";
import { Table } from "@/components/Table";
import type { ResultOf } from "@/lib/graphql";
import { useTexts } from "@/lib/i18n";
import { useNameOf } from "@/lib/vocabulary";
import { MatchesOfCase } from "./documents";
import { texts } from "./texts";

/** The openings that fit a candidate best. Asked apart: without a valid licence it is refused. */
export function FittingOpenings({ caseId }: { caseId: string }) {
  const say = useTexts(texts);
  const nameOf = useNameOf();
  const [result, again] = useQuery({ query: MatchesOfCase, variables: { id: caseId } });
  return (
    <Section title={say("fitting")}>
      <p className="soft">{say("fittingLead")}</p>
      <Loaded result={{ ...result, data: matchesOf(result.data) }} retry={again}>
        {(matches) =>
          matches.length === 0 ? (
            <EmptyState title={say("noFitting")} />
          ) : (
            <Table
              caption={say("fitting")}
              rows={matches}
              rowKey={({ opening }) => opening?.id ?? ""}
              columns={[
                {
                  key: "opening",
                  title: say("opening"),
                  cell: ({ opening }) =>
                    opening && (
                      <>
                        <Link href={`/openings/${opening.id}`}>{opening.title}</Link>
                        <span className="soft block">{nameOf(opening.company)}</span>
                      </>
                    ),
                },
                { key: "score", title: say("score"), cell: (match) => <MatchScore match={match} /> },
                { key: "why", title: say("why"), cell: (match) => <MatchWhy match={match} /> },
              ]}
            />
          )
        }
      </Loaded>
    </Section>
  );
}

function matchesOf(data: ResultOf<typeof MatchesOfCase> | undefined) {
  return data?.node?.__typename === "Case" ? (data.node.matches ?? undefined) : undefined;
}
