import { use, useMemo } from "react";
import { useSearchParams } from "wouter";
import { useQuery } from "urql";
import { Button, LinkButton } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ExportControl } from "@/components/ExportControl";
import { Form, TextField, textOf } from "@/components/Form";
import { Loaded } from "@/components/Loaded";
import { Page, Section } from "@/components/Page";
import { Pagination } from "@/components/Pagination";
import { Table } from "@/components/Table";
import { daysBefore, TimeZoneContext, today, useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { channelNames, referralStatusNames } from "@/lib/names";
import { usePaging } from "@/lib/paging";
import { useNameOf } from "@/lib/vocabulary";
import { FlowEdges } from "./documents";

const texts = {
  title: ["人材の流れ", "Flows"],
  lead: [
    "どこからどこへ、何名が渡ったか。個人は含まれません。他社どうしの流れは、終わった月の数を丸めて示します。",
    "From where to where, and how many. No person is in it; flows between others are rounded and told by closed month.",
  ],
  sources: ["取り込んだ流れ", "Imported flows"],
  from: ["開始日", "From"],
  until: ["終了日", "Until"],
  show: ["表示", "Show"],
  none: ["この期間の流れはありません", "Nothing flowed in these days"],
  take: ["ファイルとして取り出す", "Take it out"],
  takeNote: ["この期間の流れを、同じ丸めのまま書き出します。", "The flows of these days, with the same rounding."],
  giver: ["どこから", "From"],
  receiver: ["どこへ", "To"],
  channel: ["経路", "Channel"],
  event: ["出来事", "Event"],
  referrals: ["人数", "People"],
} as const;

const YEAR_DAYS = 365;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export default function FlowsPage() {
  const say = useTexts(texts);
  const timeZone = use(TimeZoneContext);
  const paging = usePaging();
  const [search, setSearch] = useSearchParams();
  const given = (name: string, otherwise: string) => {
    const value = search.get(name) ?? "";
    return DAY.test(value) ? value : otherwise;
  };
  const lastDay = given("until", today(timeZone));
  const firstDay = given("from", daysBefore(lastDay, YEAR_DAYS));
  const where = useMemo(() => ({ firstDay, lastDay }), [firstDay, lastDay]);
  const [result, again] = useQuery({ query: FlowEdges, variables: { ...paging.variables, where } });
  return (
    <Page
      title={say("title")}
      lead={say("lead")}
      actions={<LinkButton href="/flows/sources">{say("sources")}</LinkButton>}
    >
      <Form
        className="form inline"
        errors={[]}
        onSubmit={(values) => {
          setSearch({ from: textOf(values, "from"), until: textOf(values, "until") });
        }}
      >
        <TextField name="from" type="date" label={say("from")} defaultValue={firstDay} />
        <TextField name="until" type="date" label={say("until")} defaultValue={lastDay} />
        <Button type="submit">{say("show")}</Button>
      </Form>
      <Loaded result={result} retry={again}>
        {({ flowEdges: { edges, pageInfo } }) =>
          edges.length === 0 ? (
            <EmptyState title={say("none")} />
          ) : (
            <>
              <EdgeTable edges={edges} />
              <Pagination paging={paging} info={pageInfo} />
            </>
          )
        }
      </Loaded>
      <Section title={say("take")} note={say("takeNote")}>
        <ExportControl where={where} />
      </Section>
    </Page>
  );
}

type Party = { id: string; name: string; nameEn: string | null } | null;
type Edge = {
  channel: keyof typeof channelNames;
  event: keyof typeof referralStatusNames;
  referrals: number;
  cursor: string;
  from: Party;
  node: Party;
};

function EdgeTable({ edges }: { edges: readonly Edge[] }) {
  const say = useTexts(texts);
  const name = useName();
  const nameOf = useNameOf();
  const format = useFormat();
  return (
    <Table
      caption={say("title")}
      rows={edges}
      rowKey={(edge) => edge.cursor}
      columns={[
        { key: "from", title: say("giver"), cell: (edge) => nameOf(edge.from) },
        { key: "to", title: say("receiver"), cell: (edge) => nameOf(edge.node) },
        { key: "channel", title: say("channel"), cell: (edge) => name(channelNames[edge.channel]) },
        { key: "event", title: say("event"), cell: (edge) => name(referralStatusNames[edge.event]) },
        { key: "n", title: say("referrals"), number: true, cell: (edge) => format.number(edge.referrals) },
      ]}
    />
  );
}
