import { Link } from "wouter";
import { useQuery } from "urql";
import { LinkButton } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { Loaded } from "@/components/Loaded";
import { Page } from "@/components/Page";
import { Pagination } from "@/components/Pagination";
import { Status } from "@/components/Status";
import { Table } from "@/components/Table";
import { useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { usePaging } from "@/lib/paging";
import { useViewer } from "@/lib/viewer";
import { Mailings } from "./documents";
import { mailingStatusNames, mailingStatusTones, texts } from "./texts";

export default function MailingsPage() {
  const say = useTexts(texts);
  const name = useName();
  const format = useFormat();
  const paging = usePaging();
  const [result, again] = useQuery({ query: Mailings, variables: paging.variables });
  const create = useViewer().may("MANAGE_MAILINGS") && (
    <LinkButton href="/mailings/new" kind="primary">
      {say("create")}
    </LinkButton>
  );
  return (
    <Page title={say("title")} lead={say("lead")} actions={create}>
      <Loaded result={result} retry={again}>
        {({ mailings: { nodes, pageInfo } }) =>
          nodes.length === 0 ? (
            <EmptyState title={say("none")}>
              <p>{say("noneLead")}</p>
              {create}
            </EmptyState>
          ) : (
            <>
              <Table
                caption={say("title")}
                rows={nodes}
                rowKey={(mailing) => mailing.id}
                columns={[
                  {
                    key: "link",
                    title: say("link"),
                    cell: (mailing) => (
                      <Link href={`/mailings/${mailing.id}`}>{mailing.relayLink?.campaign ?? "–"}</Link>
                    ),
                  },
                  { key: "created", title: say("created"), cell: (mailing) => format.moment(mailing.createdAt) },
                  {
                    key: "people",
                    title: say("people"),
                    number: true,
                    cell: (mailing) => say("count", { n: mailing.total }),
                  },
                  {
                    key: "sent",
                    title: say("sent"),
                    number: true,
                    cell: (mailing) => format.number(mailing.progress.sent),
                  },
                  {
                    key: "status",
                    title: say("status"),
                    cell: ({ status }) => (
                      <Status tone={mailingStatusTones[status]}>{name(mailingStatusNames[status])}</Status>
                    ),
                  },
                ]}
              />
              <Pagination paging={paging} info={pageInfo} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}
