import { Link } from "wouter";
import { useQuery } from "urql";
import { LinkButton } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { Facts } from "@/components/Facts";
import { Loaded } from "@/components/Loaded";
import { Page, Section } from "@/components/Page";
import { Pagination } from "@/components/Pagination";
import { Table } from "@/components/Table";
import { useFormat } from "@/lib/format";
import { joined, useName, useTexts } from "@/lib/i18n";
import { usePaging } from "@/lib/paging";
import { useNameOf } from "@/lib/vocabulary";
import { ProgramVersions, type Version } from "./documents";
import { openLinksNames, ruleNames, texts } from "./texts";

export default function ProgramPage() {
  const say = useTexts(texts);
  const paging = usePaging();
  const [result, again] = useQuery({ query: ProgramVersions, variables: paging.variables });
  const publish = (
    <LinkButton href="/program/new" kind="primary">
      {say("publish")}
    </LinkButton>
  );
  return (
    <Page title={say("title")} lead={say("lead")} actions={publish}>
      <Loaded result={result} retry={again}>
        {({ program }) =>
          program === null || program.versions.nodes.length === 0 ? (
            <EmptyState title={say("noVersion")}>
              <p>{say("noVersionLead")}</p>
              {publish}
            </EmptyState>
          ) : (
            <>
              {program.inForce && <InForce version={program.inForce} />}
              <Section title={say("versions")}>
                <Versions versions={program.versions.nodes} />
                <Pagination paging={paging} info={program.versions.pageInfo} />
              </Section>
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

function InForce({ version }: { version: Version }) {
  const say = useTexts(texts);
  const nameOf = useNameOf();
  const name = useName();
  const format = useFormat();
  const days = (n: number) => say("days", { n });
  const steps = version.refundSchedule.map(({ days: n, percent }) => say("refundStep", { n, percent }));
  return (
    <Section title={say("inForce")} actions={<LinkButton href="/program/replay">{say("replay")}</LinkButton>}>
      <div className="columns">
        <Facts
          facts={[
            [say("number"), say("numberOf", { n: version.number })],
            [say("from"), format.moment(version.effectiveFrom)],
            [say("perFreeHire"), say("people", { n: version.countsPerFreeHire })],
            [say("rule"), name(ruleNames[version.countRule])],
            [say("openLinks"), name(openLinksNames[version.openLinks])],
            [say("agency"), nameOf(version.defaultAgency)],
          ]}
        />
        <Facts
          facts={[
            [say("window"), days(version.windowDays)],
            [say("valid"), days(version.freeHireValidDays)],
            [say("guarantee"), days(version.guaranteeDays)],
            [say("refunds"), joined(steps, say("between"))],
            [say("grace"), days(version.graceDays)],
            [say("linkLimit"), format.number(version.linkLimit)],
            [say("deviceLimit"), format.number(version.deviceLimit)],
          ]}
        />
      </div>
    </Section>
  );
}

function Versions({ versions }: { versions: readonly Version[] }) {
  const say = useTexts(texts);
  const name = useName();
  const format = useFormat();
  return (
    <Table
      caption={say("versions")}
      rows={versions}
      rowKey={(version) => version.id}
      columns={[
        { key: "number", title: say("number"), cell: (version) => say("numberOf", { n: version.number }) },
        { key: "from", title: say("from"), cell: (version) => format.moment(version.effectiveFrom) },
        {
          key: "per",
          title: say("perFreeHire"),
          cell: (version) => say("people", { n: version.countsPerFreeHire }),
        },
        { key: "rule", title: say("rule"), cell: (version) => name(ruleNames[version.countRule]) },
        {
          key: "replay",
          title: say("replay"),
          cell: (version) => <Link href={`/program/replay?version=${version.id}`}>{say("doReplay")}</Link>,
        },
      ]}
    />
  );
}
