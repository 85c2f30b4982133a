import { Link } from "wouter";
import { useQuery } from "urql";
import { LinkButton } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { Facts } from "@/components/Facts";
import { Loaded } from "@/components/Loaded";
import { Page, Section } from "@/components/Page";
import { Status } from "@/components/Status";
import { Table } from "@/components/Table";
import { useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { usePartnershipChanges } from "@/lib/live";
import { useViewer } from "@/lib/viewer";
import { useNameOf } from "@/lib/vocabulary";
import { actionsFor } from "./actions";
import { PartnershipById, type Partnership } from "./documents";
import { HistoryPart } from "./HistoryPart";
import { PartnershipActions } from "./PartnershipActions";
import { TermsPart } from "./TermsPart";
import { partyNames, partyTones, statusNames, statusTones, texts } from "./texts";

export default function PartnershipPage({ id }: { id: string }) {
  const say = useTexts(texts);
  const [result, refresh] = useQuery({ query: PartnershipById, variables: { id } });
  const again = () => {
    refresh({ requestPolicy: "network-only" });
  };
  usePartnershipChanges(again);
  const back = <Link href="/partnerships">{say("back")}</Link>;
  return (
    <Loaded result={result} retry={again}>
      {({ node }) =>
        node?.__typename === "Partnership" ? (
          <Page title={node.name} back={back} actions={<MeetingLink partnership={node} />}>
            <Parts partnership={node} onChanged={again} />
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

function MeetingLink({ partnership: { id, status } }: { partnership: Partnership }) {
  const say = useTexts(texts);
  const { may } = useViewer();
  if (!may("MANAGE_MEETINGS") || (status !== "ACTIVE" && status !== "SUSPENDED")) return null;
  return <LinkButton href={`/meetings/new?partnership=${id}`}>{say("meetings")}</LinkButton>;
}

function Parts({ partnership, onChanged }: { partnership: Partnership; onChanged: () => void }) {
  const viewer = useViewer();
  const own = viewer.organization?.id ?? null;
  const isManager = viewer.may("MANAGE_PARTNERSHIPS");
  return (
    <>
      {isManager && (
        <PartnershipActions
          partnership={partnership}
          actions={actionsFor(partnership, own)}
          onChanged={onChanged}
        />
      )}
      <About partnership={partnership} />
      <Parties partnership={partnership} />
      <TermsPart partnership={partnership} own={own} isManager={isManager} onChanged={onChanged} />
      <HistoryPart id={partnership.id} changedAt={partnership.changedAt} />
    </>
  );
}

function About({ partnership }: { partnership: Partnership }) {
  const say = useTexts(texts);
  const name = useName();
  const nameOf = useNameOf();
  const format = useFormat();
  const { status, proposer } = partnership;
  return (
    <Section title={say("about")}>
      <Facts
        facts={[
          [
            say("status"),
            <Status key="status" tone={statusTones[status]}>
              {name(statusNames[status])}
            </Status>,
          ],
          [say("proposer"), proposer === null ? say("consortium") : nameOf(proposer)],
          [say("since"), format.day(partnership.createdAt)],
          [say("changed"), format.moment(partnership.changedAt)],
        ]}
      />
    </Section>
  );
}

function Parties({ partnership }: { partnership: Partnership }) {
  const say = useTexts(texts);
  const name = useName();
  const nameOf = useNameOf();
  const format = useFormat();
  return (
    <Section title={say("parties")}>
      <Table
        caption={say("parties")}
        rows={partnership.parties}
        rowKey={(party) => party.company?.id ?? ""}
        columns={[
          { key: "company", title: say("company"), cell: (party) => nameOf(party.company) },
          {
            key: "status",
            title: say("status"),
            cell: ({ status }) => <Status tone={partyTones[status]}>{name(partyNames[status])}</Status>,
          },
          { key: "answered", title: say("answered"), cell: (party) => format.day(party.answeredAt) },
          { key: "leaves", title: say("leaves"), cell: (party) => format.day(party.leavesAt) },
        ]}
      />
    </Section>
  );
}
