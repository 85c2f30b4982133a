// What fits, best first, with why: a section of its own, since it can be refused by itself.
import type { ReactNode } from "react";
import type { CombinedError } from "urql";
import { useTexts } from "@/lib/i18n";
import type { MatchParts } from "@/lib/matches";
import { EmptyState } from "./EmptyState";
import { Loaded } from "./Loaded";
import { Section } from "./Page";
import { Table, type Column } from "./Table";

const texts = {
  score: ["適合度", "Fit"],
  outOf: ["{n}点（100点満点）", "{n} of 100"],
  known: ["判定できた項目は{n}%", "{n}% could be judged"],
  why: ["理由", "Why"],
  missing: ["不足: {what}", "Missing: {what}"],
} as const;

const FULL = 100;

type MatchSectionProps<Match> = {
  title: string;
  lead: string;
  none: string;
  matches: readonly Match[] | null | undefined;
  result: { fetching: boolean; error?: CombinedError | undefined };
  retry: () => void;
  what: Column<Match>;
  rowKey: (match: Match) => string;
};

export function MatchSection<Match extends MatchParts>(props: MatchSectionProps<Match>) {
  const say = useTexts(texts);
  const { title, lead, none, matches, result, retry, what, rowKey } = props;
  const score = { key: "score", title: say("score"), cell: (match: Match) => <Score match={match} /> };
  const why = { key: "why", title: say("why"), cell: (match: Match) => <Why match={match} /> };
  return (
    <Section title={title}>
      <p className="soft">{lead}</p>
      <Loaded<ReactNode> result={{ ...result, data: shown() }} retry={retry}>
        {(found) => found}
      </Loaded>
    </Section>
  );

  function shown(): ReactNode {
    if (matches == null) return undefined;
    if (matches.length === 0) return <EmptyState title={none} />;
    return <Table caption={title} rows={matches} rowKey={rowKey} columns={[what, score, why]} />;
  }
}

function Score({ match }: { match: MatchParts }) {
  const say = useTexts(texts);
  return (
    <>
      {say("outOf", { n: Math.round(match.score * FULL) })}
      {match.known < 1 && <span className="soft block">{say("known", { n: Math.round(match.known * FULL) })}</span>}
    </>
  );
}

function Why({ match }: { match: MatchParts }) {
  const say = useTexts(texts);
  const missing = match.parts.flatMap((part) => part.missing);
  return (
    <>
      {match.reasons.map((reason) => (
        <span className="block" key={reason}>
          {reason}
        </span>
      ))}
      {missing.length > 0 && <span className="soft block">{say("missing", { what: missing.join(" / ") })}</span>}
    </>
  );
}
