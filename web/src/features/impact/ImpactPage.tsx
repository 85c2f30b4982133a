import { use, useMemo } from "react";
import { useQuery } from "urql";
import { useSearchParams } from "wouter";
import { Button } from "@/components/Button";
import { Form, SelectField, textOf } from "@/components/Form";
import { Loaded } from "@/components/Loaded";
import { Page, Section } from "@/components/Page";
import { TimeZoneContext, today, useFormat } from "@/lib/format";
import { useLanguage, useTexts } from "@/lib/i18n";
import { useViewer } from "@/lib/viewer";
import { AssumptionsSection } from "./AssumptionsSection";
import { ImpactOfPeriod } from "./documents";
import { ChancesSection, StayedSection, VoicesSection } from "./PeopleSections";
import { SavingsSection } from "./SavingsSection";
import { texts } from "./texts";

const YEARS_BACK = 9;

export default function ImpactPage() {
  const say = useTexts(texts);
  const format = useFormat();
  const isCompany = useViewer().organization !== null;
  const thisYear = Number(today(use(TimeZoneContext)).slice(0, 4));
  const [search, setSearch] = useSearchParams();
  const asked = Number(search.get("year"));
  const year = asked >= thisYear - YEARS_BACK && asked <= thisYear ? asked : thisYear;
  const period = useMemo(() => ({ firstDay: `${String(year)}-01-01`, lastDay: `${String(year)}-12-31` }), [year]);
  const [result, refresh] = useQuery({ query: ImpactOfPeriod, variables: { period } });
  const again = () => {
    refresh({ requestPolicy: "network-only" });
  };
  const years = Array.from({ length: YEARS_BACK + 1 }, (_, back) => String(thisYear - back));
  return (
    <Page title={say("title")} lead={say(isCompany ? "leadCompany" : "leadConsortium")}>
      <Form
        className="form inline"
        errors={[]}
        onSubmit={(values) => {
          setSearch({ year: textOf(values, "year") });
        }}
      >
        <SelectField
          key={year}
          name="year"
          label={say("year")}
          defaultValue={String(year)}
          options={years.map((value) => ({ value, label: value }))}
        />
        <Button type="submit">{say("show")}</Button>
      </Form>
      <Loaded result={result} retry={again}>
        {({ impact, hiringAssumptions }) => (
          <>
            <p className="note">{say("period", { from: format.day(impact.firstDay), to: format.day(impact.lastDay) })}</p>
            {impact.savings !== null && <SavingsSection savings={impact.savings} />}
            {isCompany && <AssumptionsSection stated={hiringAssumptions} firstDay={impact.firstDay} onSaved={again} />}
            <ChancesSection impact={impact} />
            <StayedSection impact={impact} />
            <VoicesSection impact={impact} />
            <ReportSection year={year} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function ReportSection({ year }: { year: number }) {
  const say = useTexts(texts);
  const language = useLanguage();
  return (
    <Section title={say("report")} note={say("reportNote")}>
      <div className="actions">
        {(["html", "pdf", "csv"] as const).map((format) => (
          <a
            key={format}
            className="button"
            href={`/reports/impact/${String(year)}.${format}?lang=${language}`}
            {...(format === "html" ? { target: "_blank", rel: "noreferrer" } : { download: true })}
          >
            {say("download", { year: String(year), format: format.toUpperCase() })}
          </a>
        ))}
      </div>
    </Section>
  );
}
