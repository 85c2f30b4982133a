import { useQuery } from "urql";
import { LinkButton } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { Facts } from "@/components/Facts";
import { Loaded } from "@/components/Loaded";
import { Page, Section } from "@/components/Page";
import { WaitingSection } from "@/components/WaitingSection";
import { useFormat } from "@/lib/format";
import { useTexts } from "@/lib/i18n";
import { useNameOf } from "@/lib/vocabulary";
import { useViewer } from "@/lib/viewer";
import { Overview } from "./documents";

const texts = {
  companies: ["参加企業", "Companies"],
  agencies: ["人材紹介会社", "Agencies"],
  invited: ["招待中", "Invited"],
  held: ["確認待ちのカウント", "Counts to review"],
  rules: ["現在のルール", "The rules in force"],
  version: ["版", "Version"],
  versionOf: ["第{n}版（{day}から）", "Version {n}, from {day}"],
  perFreeHire: ["無料採用枠1つに必要なカウント", "Counts per free hire"],
  valid: ["無料採用枠の有効日数", "A free hire lasts"],
  days: ["{n}日", "{n#day|days}"],
  people: ["{n}名", "{n#person|people}"],
  agency: ["標準の人材紹介会社", "Default agency"],
  noRules: ["まだルールがありません", "There are no rules yet"],
  noRulesLead: ["最初の版を公開すると、リレーを始められます。", "Publish the first version, and the relay can begin."],
  publish: ["ルールを公開", "Publish rules"],
  toProgram: ["ルールを見る", "See the rules"],
} as const;

export default function OverviewPage() {
  const say = useTexts(texts);
  const format = useFormat();
  const viewer = useViewer();
  const [result, again] = useQuery({ query: Overview });
  return (
    <Page title={viewer.consortium.name}>
      <Loaded result={result} retry={again}>
        {({ consortium, heldCounts, program }) => (
          <>
            <dl className="figures">
              {(
                [
                  [say("companies"), consortium.companies.totalCount],
                  [say("agencies"), consortium.agencies.totalCount],
                  [say("invited"), consortium.invited.totalCount],
                  [say("held"), heldCounts.totalCount],
                ] as const
              ).map(([name, value]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{format.number(value)}</dd>
                </div>
              ))}
            </dl>
            <WaitingSection />
            <Rules version={program?.inForce ?? null} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

type Version = {
  number: number;
  effectiveFrom: string;
  countsPerFreeHire: number;
  freeHireValidDays: number;
  defaultAgency: { name: string; nameEn: string | null } | null;
};

function Rules({ version }: { version: Version | null }) {
  const say = useTexts(texts);
  const nameOf = useNameOf();
  const format = useFormat();
  if (version === null) {
    return (
      <EmptyState title={say("noRules")}>
        <p>{say("noRulesLead")}</p>
        <LinkButton href="/program/new" kind="primary">
          {say("publish")}
        </LinkButton>
      </EmptyState>
    );
  }
  const since = { n: version.number, day: format.day(version.effectiveFrom) };
  return (
    <Section title={say("rules")} actions={<LinkButton href="/program">{say("toProgram")}</LinkButton>}>
      <Facts
        facts={[
          [say("version"), say("versionOf", since)],
          [say("perFreeHire"), say("people", { n: version.countsPerFreeHire })],
          [say("valid"), say("days", { n: version.freeHireValidDays })],
          [say("agency"), nameOf(version.defaultAgency)],
        ]}
      />
    </Section>
  );
}
