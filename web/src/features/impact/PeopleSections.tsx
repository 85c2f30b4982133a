import { LinkButton } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { Facts } from "@/components/Facts";
import { Section } from "@/components/Page";
import { Table, type Column } from "@/components/Table";
import { useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { useViewer } from "@/lib/viewer";
import type { Impact, Voices } from "./documents";
import { occasionNames, questionNames, texts } from "./texts";

type Props = { impact: Impact };

export function ChancesSection({ impact }: Props) {
  const say = useTexts(texts);
  const format = useFormat();
  const found = impact.secondChances;
  if (found === null) {
    return (
      <Section title={say("chances")}>
        <EmptyState title={say("nothingTold")} />
      </Section>
    );
  }
  const [first, half, third] = found.quartiles;
  const months = say("period", { from: format.day(impact.toldFirstDay), to: format.day(impact.toldLastDay) });
  return (
    <Section title={say("chances")} note={say("chancesNote", { n: impact.smallestCount })}>
      <p className="lead">{found.inWords}</p>
      <Facts
        facts={[
          [say("told"), months],
          [say("registrations"), format.number(found.registrations)],
          [say("foundWork"), format.number(found.foundWork)],
          [say("endedWithout"), format.number(found.endedWithout)],
          [say("throughPartners"), format.number(found.throughPartners)],
          ...(found.hires === null ? [] : [[say("allHires"), format.number(found.hires)] as const]),
          [say("half"), half?.inWords ?? "–"],
          [say("quarters"), first && third ? `${first.inWords} / ${third.inWords}` : "–"],
        ]}
      />
    </Section>
  );
}

type Stayed = NonNullable<Impact["retention"]>["milestones"][number];

/** Who stayed of those who joined in the period, beside what the company says of others. */
export function StayedSection({ impact: { retention, baseline } }: Props) {
  const say = useTexts(texts);
  const mayState = useViewer().may("STATE_BASELINE");
  if (retention === null || retention.hires === 0) return null;
  const percent = (n: number | null | undefined) => (n == null ? "–" : say("percent", { n }));
  const outside: Readonly<Record<number, number | null | undefined>> = {
    30: baseline?.stayed30Percent,
    90: baseline?.stayed90Percent,
    180: baseline?.stayed180Percent,
  };
  const columns: Column<Stayed>[] = [
    { key: "days", title: say("days"), number: true, cell: (one) => String(one.days) },
    { key: "people", title: say("people"), cell: ({ could, did }) => say("stayedOf", { could, did }) },
    { key: "share", title: say("share"), number: true, cell: (one) => percent(one.percent) },
    {
      key: "range",
      title: say("range"),
      number: true,
      cell: (one) => (one.percent === null ? "–" : `${percent(one.lowestPercent)} – ${percent(one.highestPercent)}`),
    },
    { key: "baseline", title: say("baseline"), number: true, cell: (one) => percent(outside[one.days]) },
  ];
  return (
    <Section
      title={say("retention")}
      note={say("retentionNote", { hires: retention.hires, early: retention.earlyExits })}
      actions={mayState && baseline === null ? <LinkButton href="/retention">{say("toBaseline")}</LinkButton> : undefined}
    >
      <Table
        caption={say("retention")}
        rows={retention.milestones}
        rowKey={(one) => String(one.days)}
        columns={columns}
      />
    </Section>
  );
}

export function VoicesSection({ impact }: Props) {
  const say = useTexts(texts);
  const name = useName();
  const format = useFormat();
  const columns: Column<Voices>[] = [
    { key: "question", title: say("question"), cell: (one) => name(questionNames[one.question]) },
    { key: "when", title: say("when"), cell: (one) => name(occasionNames[one.kind]) },
    { key: "answers", title: say("answers"), number: true, cell: (one) => format.number(one.answers) },
    {
      key: "scores",
      title: say("scores"),
      number: true,
      cell: (one) =>
        one.scores.length === 0 ? "–" : one.scores.toReversed().map(({ people }) => format.number(people)).join(" · "),
    },
    { key: "mean", title: say("mean"), number: true, cell: (one) => format.number(one.mean) },
    {
      key: "agreeing",
      title: say("agreeing"),
      number: true,
      cell: (one) => (one.agreeingPercent === null ? "–" : say("percent", { n: one.agreeingPercent })),
    },
  ];
  return (
    <Section title={say("voices")} note={say("voicesNote")}>
      {impact.surveys.length === 0 ? (
        <EmptyState title={say("nothingTold")} />
      ) : (
        <Table
          caption={say("voices")}
          rows={impact.surveys}
          rowKey={(one) => `${one.kind} ${one.question}`}
          columns={columns}
        />
      )}
    </Section>
  );
}
