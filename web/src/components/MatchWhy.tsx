// Why a candidate and an opening fit: the score in words a person can check, and what is missing.
import { useTexts } from "@/lib/i18n";
import type { MatchParts } from "@/lib/matches";

const texts = {
  score: ["{n}点（100点満点）", "{n} of 100"],
  known: ["判定できた項目は{n}%", "{n}% could be judged"],
  missing: ["不足: {what}", "Missing: {what}"],
} as const;

const FULL = 100;

export function MatchScore({ match }: { match: MatchParts }) {
  const say = useTexts(texts);
  return (
    <>
      {say("score", { n: Math.round(match.score * FULL) })}
      {match.known < 1 && <span className="soft block">{say("known", { n: Math.round(match.known * FULL) })}</span>}
    </>
  );
}

export function MatchWhy({ match }: { match: MatchParts }) {
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
