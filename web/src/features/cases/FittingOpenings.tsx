import { Link } from "wouter";
import { useQuery } from "urql";
import { MatchSection } from "@/components/MatchSection";
import { useTexts } from "@/lib/i18n";
import { useNameOf } from "@/lib/vocabulary";
import { MatchesOfCase } from "./documents";
import { texts } from "./texts";

/** The openings that fit a candidate best. */
export function FittingOpenings({ caseId }: { caseId: string }) {
  const say = useTexts(texts);
  const nameOf = useNameOf();
  const [result, again] = useQuery({ query: MatchesOfCase, variables: { id: caseId } });
  const node = result.data?.node;
  return (
    <MatchSection
      title={say("fitting")}
      lead={say("fittingLead")}
      none={say("noFitting")}
      matches={node?.__typename === "Case" ? node.matches : undefined}
      result={result}
      retry={again}
      rowKey={({ opening }) => opening?.id ?? ""}
      what={{
        key: "opening",
        title: say("opening"),
        cell: ({ opening }) =>
          opening && (
            <>
              <Link href={`/openings/${opening.id}`}>{opening.title}</Link>
              <span className="soft block">{nameOf(opening.company)}</span>
            </>
          ),
      }}
    />
  );
}
