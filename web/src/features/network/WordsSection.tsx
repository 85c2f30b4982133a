import { useQuery } from "urql";
import { Loaded } from "@/components/Loaded";
import { Section } from "@/components/Page";
import { Table } from "@/components/Table";
import { useFormat } from "@/lib/format";
import { useTexts } from "@/lib/i18n";
import { NetworkOutcomes, NetworkWords, type Month, type Where } from "./documents";
import { texts } from "./texts";

type Said = Readonly<Record<string, { inWords: string } | null>>;

/** What each metric says, a sentence or two. */
export function Sentences({ answers }: { answers: Said }) {
  return (
    <ul className="sentences">
      {Object.entries(answers).map(([name, answer]) => answer && <li key={name}>{answer.inWords}</li>)}
    </ul>
  );
}

export function WordsSection({ where }: { where: Where }) {
  const say = useTexts(texts);
  const [result, again] = useQuery({ query: NetworkWords, variables: { where } });
  return (
    <Section title={say("words")}>
      <Loaded result={result} retry={again}>
        {({ flowNetwork }) => <Sentences answers={flowNetwork} />}
      </Loaded>
    </Section>
  );
}

export function MonthsSection({ where }: { where: Where }) {
  const say = useTexts(texts);
  const [result, again] = useQuery({ query: NetworkOutcomes, variables: { where } });
  return (
    <Section title={say("months")}>
      <Loaded result={result} retry={again}>
        {({ flowNetwork: { conversion, waiting, months } }) => (
          <>
            <Sentences answers={{ months, conversion, waiting }} />
            <Months months={months.months} />
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Months({ months }: { months: readonly Month[] }) {
  const say = useTexts(texts);
  const format = useFormat();
  return (
    <Table
      caption={say("months")}
      rows={months}
      rowKey={(month) => month.month}
      columns={[
        { key: "month", title: say("month"), cell: (month) => month.month },
        { key: "handed", title: say("handed"), number: true, cell: (month) => format.number(month.handedPeople) },
        { key: "hired", title: say("hired"), number: true, cell: (month) => format.number(month.hiredPeople) },
      ]}
    />
  );
}
