import { Link } from "wouter";
import { useQuery } from "urql";
import { LinkButton } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { Filter } from "@/components/Filter";
import { Loaded } from "@/components/Loaded";
import { Page } from "@/components/Page";
import { Pagination } from "@/components/Pagination";
import { Status } from "@/components/Status";
import { Table } from "@/components/Table";
import { useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { usePaging, useSearchValue } from "@/lib/paging";
import { useViewer } from "@/lib/viewer";
import { Meetings, type MeetingRow } from "./documents";
import { statusNames, statusTones, texts } from "./texts";

type At = keyof typeof statusNames;
const STATUSES = Object.keys(statusNames) as At[];

export default function MeetingsPage() {
  const say = useTexts(texts);
  const name = useName();
  const paging = usePaging();
  const viewer = useViewer();
  const [chosen, choose] = useSearchValue("status");
  const status = STATUSES.find((one) => one === chosen);
  const [result, refresh] = useQuery({
    query: Meetings,
    variables: { ...paging.variables, where: status ? { status: { eq: status } } : null },
  });
  const again = () => {
    refresh({ requestPolicy: "network-only" });
  };
  const actions = viewer.may("MANAGE_MEETINGS") && (
    <LinkButton href="/meetings/new" kind="primary">
      {say("schedule")}
    </LinkButton>
  );
  return (
    <Page title={say("title")} lead={say("lead")} actions={actions}>
      <div className="filters">
        <Filter
          label={say("status")}
          empty={say("all")}
          value={status ?? ""}
          onChange={choose}
          options={STATUSES.map((value) => ({ value, label: name(statusNames[value]) }))}
        />
      </div>
      <Loaded result={result} retry={again}>
        {({ meetings: { nodes, pageInfo, totalCount } }) =>
          nodes.length === 0 ? (
            <EmptyState title={say(status ? "noneFiltered" : "none")} />
          ) : (
            <>
              <MeetingTable meetings={nodes} />
              <Pagination paging={paging} info={pageInfo} total={totalCount} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

function MeetingTable({ meetings }: { meetings: readonly MeetingRow[] }) {
  const say = useTexts(texts);
  const name = useName();
  const format = useFormat();
  return (
    <Table
      caption={say("title")}
      rows={meetings}
      rowKey={(meeting) => meeting.id}
      columns={[
        {
          key: "title",
          title: say("name"),
          cell: (meeting) => <Link href={`/meetings/${meeting.id}`}>{meeting.title}</Link>,
        },
        { key: "starts", title: say("starts"), cell: ({ startsAt }) => format.moment(startsAt) },
        {
          key: "of",
          title: say("partnership"),
          cell: ({ partnership }) => partnership?.name ?? say("ofConsortium"),
        },
        {
          key: "status",
          title: say("status"),
          cell: ({ status }) => <Status tone={statusTones[status]}>{name(statusNames[status])}</Status>,
        },
      ]}
    />
  );
}
