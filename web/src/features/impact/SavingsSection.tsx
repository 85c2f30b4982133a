import { EmptyState } from "@/components/EmptyState";
import { Facts } from "@/components/Facts";
import { Section } from "@/components/Page";
import { Table, type Column } from "@/components/Table";
import { useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import type { Savings, SavingsLine } from "./documents";
import { kindNames, texts } from "./texts";

export function SavingsSection({ savings }: { savings: Savings }) {
  const say = useTexts(texts);
  const format = useFormat();
  const { reductionPercent } = savings;
  return (
    <Section title={say("savings")} note={say("savingsNote")}>
      <p className="lead">{savings.inWords}</p>
      {savings.lines.length === 0 ? <EmptyState title={say("noHires")} /> : <Lines lines={savings.lines} />}
      <Facts
        facts={[
          [say("sumReplaced"), format.yen(savings.replacedYen)],
          [say("sumPaid"), format.yen(savings.paidYen)],
          [say("sumSaved"), format.yen(savings.savedYen)],
          [say("participation"), format.yen(savings.participationYen)],
          [say("netSaved"), format.yen(savings.netSavedYen)],
          [say("outside"), format.yen(savings.outsideYen)],
          [say("without"), format.yen(savings.withoutNetworkYen)],
          [say("reduction"), reductionPercent === null ? "–" : say("percent", { n: reductionPercent })],
        ]}
      />
      {savings.needs.length > 0 && (
        <>
          <p className="note">{say("needs")}</p>
          <ul>
            {savings.needs.map((one) => (
              <li key={one.assumption}>{one.inWords}</li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}

function Lines({ lines }: { lines: readonly SavingsLine[] }) {
  const say = useTexts(texts);
  const name = useName();
  const format = useFormat();
  const columns: Column<SavingsLine>[] = [
    { key: "kind", title: say("kind"), cell: (one) => name(kindNames[one.kind]) },
    { key: "from", title: say("from"), cell: (one) => format.day(one.firstDay) },
    { key: "hires", title: say("hires"), number: true, cell: (one) => format.number(one.hires) },
    { key: "early", title: say("early"), number: true, cell: (one) => format.number(one.earlyExits) },
    { key: "cost", title: say("cost"), number: true, cell: (one) => format.yen(one.costPerHireYen) },
    { key: "replaced", title: say("replaced"), number: true, cell: (one) => format.yen(one.replacedYen) },
    { key: "paid", title: say("paid"), number: true, cell: (one) => format.yen(one.paidYen) },
    { key: "saved", title: say("saved"), number: true, cell: (one) => format.yen(one.savedYen) },
  ];
  return (
    <Table caption={say("lines")} rows={lines} rowKey={(one) => `${one.firstDay} ${one.kind}`} columns={columns} />
  );
}
