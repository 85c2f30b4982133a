import { use, useState } from "react";
import { useSearchParams } from "wouter";
import { Button } from "@/components/Button";
import { Form, TextField, textOf } from "@/components/Form";
import { Page, Section } from "@/components/Page";
import { Table } from "@/components/Table";
import type { UserError } from "@/lib/changes";
import { daysBefore, TimeZoneContext, today } from "@/lib/format";
import { useLanguage, useName, useTexts } from "@/lib/i18n";
import { useViewer } from "@/lib/viewer";
import { addressOf, isPeriod } from "./period";
import { registers, texts, type Register } from "./texts";

const MONTH_DAYS = 30;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export default function RegistersPage() {
  const say = useTexts(texts);
  const timeZone = use(TimeZoneContext);
  const { organization } = useViewer();
  const [search, setSearch] = useSearchParams();
  const [errors, setErrors] = useState<readonly UserError[]>([]);
  const given = (name: string, otherwise: string) => {
    const value = search.get(name) ?? "";
    return DAY.test(value) ? value : otherwise;
  };
  const to = given("to", today(timeZone));
  const from = given("from", daysBefore(to, MONTH_DAYS));
  const apply = (values: FormData) => {
    const chosen = { from: textOf(values, "from"), to: textOf(values, "to") };
    const fits = isPeriod(chosen.from, chosen.to);
    setErrors(fits ? [] : [{ code: "INVALID_INPUT", message: say("tooLong"), path: ["to"] }]);
    if (fits) setSearch(chosen);
  };
  const kept = registers.filter((one) => !one.agencyOnly || organization?.isCompany === false);
  return (
    <Page title={say("title")} lead={say("lead")}>
      <Section title={say("period")}>
        <Form className="form inline" errors={errors} onSubmit={apply}>
          <TextField name="from" type="date" label={say("from")} defaultValue={from} required />
          <TextField name="to" type="date" label={say("to")} hint={say("periodHint")} defaultValue={to} required />
          <Button type="submit">{say("apply")}</Button>
        </Form>
      </Section>
      <Section title={say("files")} note={say("names")}>
        <Files kept={kept} from={from} to={to} />
      </Section>
    </Page>
  );
}

function Files({ kept, from, to }: { kept: readonly Register[]; from: string; to: string }) {
  const say = useTexts(texts);
  const name = useName();
  const language = useLanguage();
  return (
    <Table
      caption={say("files")}
      rows={kept}
      rowKey={(one) => one.path}
      columns={[
        { key: "register", title: say("register"), cell: (one) => name(one.name) },
        { key: "about", title: say("about"), cell: (one) => name(one.about) },
        {
          key: "download",
          title: say("download"),
          cell: (one) => (
            <div className="actions">
              {(["csv", "pdf"] as const).map((format) => (
                <a
                  key={format}
                  className="button plain"
                  href={addressOf(one.path, format, { from, to }, language)}
                  aria-label={`${name(one.name)} ${format.toUpperCase()}`}
                  download
                >
                  {format.toUpperCase()}
                </a>
              ))}
            </div>
          ),
        },
      ]}
    />
  );
}
