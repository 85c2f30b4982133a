import { Link } from "wouter";
import { useQuery } from "urql";
import { EmptyState } from "@/components/EmptyState";
import { Loaded } from "@/components/Loaded";
import { MatchScore, MatchWhy } from "@/components/MatchWhy";
import { Section } from "@/components/Page";
import { Table } from "@/components/Table";
import type { ResultOf } from "@/lib/graphql";
import { useTexts } from "@/lib/i18n";
import { MatchesOfOpening } from "./documents";
import { texts } from "./texts";

/** The agency's candidates who fit best. Asked apart: without a valid licence it is refused. */
export function FittingCandidates({ openingId }: { openingId: string }) {
  const say = useTexts(texts);
  const [result, again] = useQuery({ query: MatchesOfOpening, variables: { id: openingId } });
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
              rowKey={({ candidate }) => candidate?.id ?? ""}
              columns={[
                {
                  key: "candidate",
                  title: say("candidate"),
                  cell: ({ candidate }) =>
                    candidate?.case ? (
                      <Link href={`/cases/${candidate.case.id}`}>{candidate.name ?? say("unnamed")}</Link>
                    ) : (
                      say("unnamed")
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

function matchesOf(data: ResultOf<typeof MatchesOfOpening> | undefined) {
  return data?.node?.__typename === "Opening" ? (data.node.matches ?? undefined) : undefined;
}
