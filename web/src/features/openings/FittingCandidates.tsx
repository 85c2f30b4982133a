import { Link } from "wouter";
import { useQuery } from "urql";
import { MatchSection } from "@/components/MatchSection";
import { useTexts } from "@/lib/i18n";
import { MatchesOfOpening } from "./documents";
import { texts } from "./texts";

/** The agency's candidates who fit best. */
export function FittingCandidates({ openingId }: { openingId: string }) {
  const say = useTexts(texts);
  const [result, again] = useQuery({ query: MatchesOfOpening, variables: { id: openingId } });
  const node = result.data?.node;
  return (
    <MatchSection
      title={say("fitting")}
      lead={say("fittingLead")}
      none={say("noFitting")}
      matches={node?.__typename === "Opening" ? node.matches : undefined}
      result={result}
      retry={again}
      rowKey={({ candidate }) => candidate?.id ?? ""}
      what={{
        key: "candidate",
        title: say("candidate"),
        cell: ({ candidate }) =>
          candidate?.case ? (
            <Link href={`/cases/${candidate.case.id}`}>{candidate.name ?? say("unnamed")}</Link>
          ) : (
            say("unnamed")
          ),
      }}
    />
  );
}
