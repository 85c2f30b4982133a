import { useQuery } from "urql";
import { EmptyState } from "@/components/EmptyState";
import { Facts } from "@/components/Facts";
import { Loaded } from "@/components/Loaded";
import { Page, Section } from "@/components/Page";
import { Table, type Column } from "@/components/Table";
import { useFormat } from "@/lib/format";
import { useTexts } from "@/lib/i18n";
import { useViewer } from "@/lib/viewer";
import { BaselineForm } from "./BaselineForm";
import { OwnRetention, type Baseline, type Retention } from "./documents";
import { texts } from "./texts";

export default function RetentionPage() {
  const say = useTexts(texts);
  const [result, refresh] = useQuery({ query: OwnRetention });
  const again = () => {
    refresh({ requestPolicy: "network-only" });
  };
  return (
    <Page title={say("title")} lead={say("lead")}>
      <Loaded result={result} retry={again}>
        {({ viewer }) => {
          const own = viewer?.organization;
          const isCompany = own?.__typename === "Company";
          const baseline = isCompany ? own.baseline : null;
          return (
            <>
              {own?.retention ? <Figures retention={own.retention} baseline={baseline} isCompany={isCompany} /> : null}
              {isCompany && <BaselineSection baseline={baseline} onSaved={again} />}
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

type FiguresProps = { retention: Retention; baseline: Baseline; isCompany: boolean };

function Figures({ retention, baseline, isCompany }: FiguresProps) {
  const say = useTexts(texts);
  const format = useFormat();
  if (retention.hires === 0) return <EmptyState title={say("none")} />;
  const { hires, exits, earlyExits } = retention;
  return (
    <>
      <Section title={say("figures")}>
        <Facts
          facts={[
            [say("hires"), say("people", { n: hires })],
            [say("exits"), say("exitsOf", { n: exits, early: earlyExits })],
            [say("fees"), format.yen(retention.feesYen)],
            [say("refunds"), format.yen(retention.refundsYen)],
            [say("cost"), format.yen(retention.costPerHireYen)],
          ]}
        />
      </Section>
      <Section title={say("milestones")} note={say("milestonesNote")}>
        <Milestones milestones={retention.milestones} baseline={baseline} isCompany={isCompany} />
      </Section>
    </>
  );
}

type Stayed = Retention["milestones"][number];
type MilestonesProps = { milestones: readonly Stayed[]; baseline: Baseline; isCompany: boolean };

function Milestones({ milestones, baseline, isCompany }: MilestonesProps) {
  const say = useTexts(texts);
  const percent = (n: number | null | undefined) => (n == null ? "–" : say("percent", { n }));
  const outside: Readonly<Record<number, number | null | undefined>> = {
    30: baseline?.stayed30Percent,
    90: baseline?.stayed90Percent,
    180: baseline?.stayed180Percent,
  };
  const columns: Column<Stayed>[] = [
    { key: "days", title: say("days"), cell: (one) => say("daysOf", { n: one.days }) },
    { key: "stayed", title: say("stayed"), cell: ({ could, did }) => say("stayedOf", { could, did }) },
    { key: "share", title: say("share"), number: true, cell: (one) => percent(one.percent) },
    {
      key: "range",
      title: say("range"),
      number: true,
      cell: (one) => (one.percent === null ? "–" : `${percent(one.lowestPercent)} – ${percent(one.highestPercent)}`),
    },
  ];
  if (isCompany) {
    columns.push({ key: "outside", title: say("outside"), number: true, cell: (one) => percent(outside[one.days]) });
  }
  return (
    <Table caption={say("milestones")} rows={milestones} rowKey={(one) => String(one.days)} columns={columns} />
  );
}

function BaselineSection({ baseline, onSaved }: { baseline: Baseline; onSaved: () => void }) {
  const say = useTexts(texts);
  const format = useFormat();
  const mayState = useViewer().may("STATE_BASELINE");
  if (mayState) {
    return (
      <Section title={say("baseline")} note={say("baselineLead")}>
        <BaselineForm key={baseline?.changedAt} baseline={baseline} onSaved={onSaved} />
      </Section>
    );
  }
  return (
    <Section title={say("baseline")}>
      {baseline === null ? (
        <p className="note">{say("baselineUnknown")}</p>
      ) : (
        <Facts facts={[[say("costOutside"), format.yen(baseline.costPerHireYen)]]} />
      )}
    </Section>
  );
}
