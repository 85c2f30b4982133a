import { useEffect } from "react";
import { useQuery } from "urql";
import { Loaded } from "@/components/Loaded";
import { Section } from "@/components/Page";
import { Pagination } from "@/components/Pagination";
import { Table } from "@/components/Table";
import { useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { usePaging } from "@/lib/paging";
import { useNameOf } from "@/lib/vocabulary";
import { PartnershipHistory } from "./documents";
import { deedNames, texts } from "./texts";

/** What happened to it. It is asked for anew whenever the partnership has changed. */
export function HistoryPart({ id, changedAt }: { id: string; changedAt: string }) {
  const say = useTexts(texts);
  const name = useName();
  const nameOf = useNameOf();
  const format = useFormat();
  const paging = usePaging();
  const [result, again] = useQuery({ query: PartnershipHistory, variables: { id, ...paging.variables } });
  useEffect(() => {
    again({ requestPolicy: "network-only" });
  }, [again, changedAt]);
  return (
    <Section title={say("history")}>
      <Loaded result={result} retry={again}>
        {({ node }) =>
          node?.__typename === "Partnership" && (
            <>
              <Table
                caption={say("history")}
                rows={node.history.nodes}
                rowKey={(step) => step.id}
                columns={[
                  {
                    key: "deed",
                    title: say("deed"),
                    cell: (step) => (
                      <>
                        {name(deedNames[step.deed])}
                        {step.termsNumber !== null && (
                          <span className="soft block">{say("version", { n: step.termsNumber })}</span>
                        )}
                      </>
                    ),
                  },
                  { key: "at", title: say("at"), cell: (step) => format.moment(step.at) },
                  { key: "company", title: say("byWhom"), cell: (step) => nameOf(step.company) },
                  { key: "reason", title: say("reason"), cell: (step) => step.reason ?? "–" },
                ]}
              />
              <Pagination paging={paging} info={node.history.pageInfo} />
            </>
          )
        }
      </Loaded>
    </Section>
  );
}
