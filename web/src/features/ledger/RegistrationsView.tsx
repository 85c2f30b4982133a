import { useQuery } from "urql";
import { EmptyState } from "@/components/EmptyState";
import { Filter } from "@/components/Filter";
import { Loaded } from "@/components/Loaded";
import { Pagination } from "@/components/Pagination";
import { Status } from "@/components/Status";
import { Table } from "@/components/Table";
import { useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { countStatusNames, countStatusTones, type CountStatus } from "@/lib/names";
import { usePaging, useSearchValue } from "@/lib/paging";
import { Registrations, type Registration } from "./documents";
import { texts } from "./texts";

const STATUSES: readonly CountStatus[] = ["COUNTED", "HELD", "NOT_COUNTED", "REVERSED"];

/** Each registration by day, and why it counts or why it does not. Never who it was. */
export function RegistrationsView() {
  const say = useTexts(texts);
  const name = useName();
  const paging = usePaging();
  const [chosen, choose] = useSearchValue("count");
  const status = STATUSES.find((one) => one === chosen);
  const where = status ? { countStatus: { eq: status } } : null;
  const [result, again] = useQuery({ query: Registrations, variables: { ...paging.variables, where } });
  return (
    <>
      <div className="filters">
        <Filter
          label={say("status")}
          empty={say("all")}
          value={status ?? ""}
          onChange={choose}
          options={STATUSES.map((value) => ({ value, label: name(countStatusNames[value]) }))}
        />
      </div>
      <Loaded result={result} retry={again}>
        {({ viewer }) => {
          const company = viewer?.organization;
          if (company?.__typename !== "Company" || company.registrations.nodes.length === 0) {
            return <EmptyState title={say("noRegistrations")} />;
          }
          return (
            <>
              <RegistrationTable registrations={company.registrations.nodes} />
              <Pagination paging={paging} info={company.registrations.pageInfo} />
            </>
          );
        }}
      </Loaded>
    </>
  );
}

function RegistrationTable({ registrations }: { registrations: readonly Registration[] }) {
  const say = useTexts(texts);
  const name = useName();
  const format = useFormat();
  return (
    <Table
      caption={say("registrations")}
      rows={registrations}
      rowKey={(one) => one.id}
      columns={[
        { key: "day", title: say("day"), cell: (one) => format.day(one.completedOn) },
        {
          key: "status",
          title: say("status"),
          cell: ({ countStatus: at }) => <Status tone={countStatusTones[at]}>{name(countStatusNames[at])}</Status>,
        },
        {
          key: "why",
          title: say("why"),
          cell: (one) => (
            <>
              {one.whyCounted ?? one.whyNotCounted ?? "–"}
              <span className="soft block">{say("version", { n: one.programVersion })}</span>
            </>
          ),
        },
      ]}
    />
  );
}
