// What waits for whoever is signed in, with the way to each. Nothing is shown where nothing waits.
import { useQuery } from "urql";
import { useTexts } from "@/lib/i18n";
import { graphql, type ResultOf } from "@/lib/graphql";
import { useViewer } from "@/lib/viewer";
import { LinkButton } from "./Button";
import { Section } from "./Page";
import { Status } from "./Status";

const WaitingThings = graphql(`
  query WaitingThings {
    waiting {
      kind
      count
      overdue
    }
  }
`);

type Kind = ResultOf<typeof WaitingThings>["waiting"][number]["kind"];

const texts = {
  title: ["対応が必要なもの", "Waiting for you"],
  overdue: ["うち期限切れ{n}件", "{n} late"],
  see: ["開く", "See"],
  PROPOSALS: ["回答を待っている提携の提案 {n}件", "{n#partnership|partnerships} proposed to you"],
  TERMS: ["回答を待っている条件の変更案 {n}件", "{n#change|changes} of terms to answer"],
  INTRODUCTIONS: ["回答を待っている紹介 {n}件", "{n#introduction|introductions} to answer"],
  FUNDINGS: ["同意を待っている報酬 {n}件", "{n#part|parts} in rewards to answer"],
  DELETIONS: ["確認を待っている削除の依頼 {n}件", "{n#deletion|deletions} to confirm"],
  REQUESTS: ["回答を待っている候補者からの申出 {n}件", "{n#request|requests} of candidates to answer"],
  HELD_COUNTS: ["判断を待っているカウント {n}件", "{n#count|counts} to decide on"],
  ANSWERS: ["企業の回答が遅れている提携 {n}件", "{n#partnership|partnerships} in which answers are late"],
} as const;

const PLACES: Readonly<Record<Kind, string>> = {
  PROPOSALS: "/partnerships?status=PROPOSED",
  TERMS: "/partnerships",
  INTRODUCTIONS: "/referrals?status=DELIVERED",
  FUNDINGS: "/fundings",
  DELETIONS: "/deletions",
  REQUESTS: "/requests",
  HELD_COUNTS: "/reviews",
  ANSWERS: "/partnerships?answers=WAITING",
};

/** For the first page of each role. */
export function WaitingSection() {
  const say = useTexts(texts);
  const isConsortium = useViewer().organization === null;
  const [{ data }] = useQuery({ query: WaitingThings, requestPolicy: "cache-and-network" });
  if (data === undefined || data.waiting.length === 0) return null;
  return (
    <Section title={say("title")}>
      <ul className="waiting">
        {data.waiting.map(({ kind, count, overdue }) => (
          <li key={kind}>
            <span>{say(kind, { n: count })}</span>
            {overdue > 0 && kind !== "ANSWERS" && <Status tone="stop">{say("overdue", { n: overdue })}</Status>}
            <LinkButton href={isConsortium && kind === "DELETIONS" ? "/deletions?show=all" : PLACES[kind]}>
              {say("see")}
              <span className="visually-hidden">{say(kind, { n: count })}</span>
            </LinkButton>
          </li>
        ))}
      </ul>
    </Section>
  );
}
