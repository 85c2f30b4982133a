import { useEffect } from "react";
import { Link } from "wouter";
import { useQuery } from "urql";
import { EmptyState } from "@/components/EmptyState";
import { Facts } from "@/components/Facts";
import { Loaded } from "@/components/Loaded";
import { Page, Section } from "@/components/Page";
import { Pagination } from "@/components/Pagination";
import { Progress } from "@/components/Progress";
import { Status } from "@/components/Status";
import { Table } from "@/components/Table";
import { useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { usePaging } from "@/lib/paging";
import { useViewer } from "@/lib/viewer";
import { MailingById, type Mailing, type Rejection } from "./documents";
import { MailingActions } from "./MailingActions";
import {
  DEFAULT_NAME,
  mailingStatusNames,
  mailingStatusTones,
  mailStatusNames,
  mailStatusTones,
  texts,
} from "./texts";

const LOOK_AGAIN_MILLISECONDS = 1500;

/** One mailing: before, while and after it is sent. It looks again for as long as mails leave. */
export default function MailingPage({ id }: { id: string }) {
  const say = useTexts(texts);
  const paging = usePaging();
  const [result, refresh] = useQuery({ query: MailingById, variables: { id, ...paging.variables } });
  const node = result.data?.node;
  const isRunning = node?.__typename === "Mailing" && node.status === "RUNNING";
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => {
      refresh({ requestPolicy: "network-only" });
    }, LOOK_AGAIN_MILLISECONDS);
    return () => {
      clearInterval(timer);
    };
  }, [isRunning, refresh]);
  const again = () => {
    refresh({ requestPolicy: "network-only" });
  };
  const back = <Link href="/mailings">{say("back")}</Link>;
  return (
    <Loaded result={result} retry={again}>
      {({ node: found }) =>
        found?.__typename === "Mailing" ? (
          <Page
            title={found.relayLink?.campaign ?? say("title")}
            back={back}
            actions={<MailingActions mailing={found} onChanged={again} />}
          >
            <About mailing={found} />
            <Section title={say("results")}>
              {found.purgedAt !== null && <PurgedNote mailing={found} />}
              <Results rejections={found.rejections.nodes} />
              <Pagination paging={paging} info={found.rejections.pageInfo} />
            </Section>
          </Page>
        ) : (
          <Page title={say("absent")} back={back}>
            <EmptyState title={say("absent")} />
          </Page>
        )
      }
    </Loaded>
  );
}

function About({ mailing }: { mailing: Mailing }) {
  const say = useTexts(texts);
  const name = useName();
  const format = useFormat();
  const { progress, total, status } = mailing;
  const done = total - progress.queued;
  const figures = [
    [say("sent"), progress.sent],
    [say("queued"), progress.queued],
    [say("bounced"), progress.bounced],
    [say("failed"), progress.failed],
    [say("cancelledMails"), progress.cancelled],
  ] as const;
  return (
    <>
      {status !== "DRAFT" && (
        <div className="stack">
          <p>{say("progress", { done, of: total })}</p>
          <Progress label={say("progress", { done, of: total })} done={done} of={total} />
          <dl className="figures">
            {figures.map(([label, value]) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{format.number(value)}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
      <Facts
        facts={[
          [
            say("status"),
            <Status key="status" tone={mailingStatusTones[status]}>
              {name(mailingStatusNames[status])}
            </Status>,
          ],
          [say("people"), say("count", { n: total })],
          [say("template"), mailing.templateName === DEFAULT_NAME ? say("standard") : mailing.templateName],
          [say("created"), format.moment(mailing.createdAt)],
          [say("started"), format.moment(mailing.startedAt)],
          [say("ended"), format.moment(mailing.endedAt)],
          [say("purgeAfter"), format.day(mailing.purgeAfter)],
        ]}
      />
    </>
  );
}

function PurgedNote({ mailing }: { mailing: Mailing }) {
  const say = useTexts(texts);
  const format = useFormat();
  return <p className="note">{say("purged", { day: format.day(mailing.purgedAt) })}</p>;
}

function Results({ rejections }: { rejections: readonly Rejection[] }) {
  const say = useTexts(texts);
  const { may } = useViewer();
  const name = useName();
  return (
    <Table
      caption={say("results")}
      rows={rejections}
      rowKey={(one) => one.id}
      columns={[
        {
          key: "name",
          title: say("name"),
          cell: (one) => (
            <>
              {one.name ?? say(may("MANAGE_MAILINGS") ? "erased" : "unnamed")}
              <span className="soft block">{one.email}</span>
            </>
          ),
        },
        { key: "line", title: say("line"), number: true, cell: (one) => one.line },
        { key: "opening", title: say("opening"), cell: (one) => one.opening ?? "–" },
        {
          key: "status",
          title: say("status"),
          cell: ({ status }) => <Status tone={mailStatusTones[status]}>{name(mailStatusNames[status])}</Status>,
        },
        { key: "reason", title: say("reason"), cell: (one) => one.failure ?? "–" },
      ]}
    />
  );
}
