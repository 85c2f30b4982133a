import { Link } from "wouter";
import { useQuery } from "urql";
import { EmptyState } from "@/components/EmptyState";
import { Filter } from "@/components/Filter";
import { Loaded } from "@/components/Loaded";
import { Page } from "@/components/Page";
import { Pagination } from "@/components/Pagination";
import { Status } from "@/components/Status";
import { Table } from "@/components/Table";
import { useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { useReferralChanges } from "@/lib/live";
import {
  channelNames,
  referralStatusNames,
  referralStatusTones,
  type Channel,
  type ReferralStatus,
} from "@/lib/names";
import { usePaging, useSearchValue } from "@/lib/paging";
import { useViewer } from "@/lib/viewer";
import { useNameOf } from "@/lib/vocabulary";
import { Referrals, type ReferralRow } from "./documents";
import { texts } from "./texts";

const CHANNELS: readonly Channel[] = ["RELAY_LINK", "AGENCY_INTRODUCTION"];
const CHANNELS_COMPANY: readonly Channel[] = [...CHANNELS, "PARTNER_SHARE"];
const STATUSES = Object.keys(referralStatusNames) as ReferralStatus[];

export default function ReferralsPage() {
  const say = useTexts(texts);
  const name = useName();
  const paging = usePaging();
  const isCompany = useViewer().organization?.isCompany === true;
  const [channelText, chooseChannel] = useSearchValue("channel");
  const [statusText, chooseStatus] = useSearchValue("status");
  const channels = isCompany ? CHANNELS_COMPANY : CHANNELS;
  const channel = channels.find((one) => one === channelText);
  const status = STATUSES.find((one) => one === statusText);
  const where = { channel: channel ? { eq: channel } : null, status: status ? { eq: status } : null };
  const [result, refresh] = useQuery({ query: Referrals, variables: { ...paging.variables, where } });
  const again = () => {
    refresh({ requestPolicy: "network-only" });
  };
  useReferralChanges(again);
  return (
    <Page title={say("title")} lead={say(isCompany ? "leadCompany" : "leadAgency")}>
      <div className="filters">
        <Filter
          label={say("filterChannel")}
          empty={say("all")}
          value={channel ?? ""}
          onChange={chooseChannel}
          options={channels.map((value) => ({ value, label: name(channelNames[value]) }))}
        />
        <Filter
          label={say("filterStatus")}
          empty={say("all")}
          value={status ?? ""}
          onChange={chooseStatus}
          options={STATUSES.map((value) => ({ value, label: name(referralStatusNames[value]) }))}
        />
      </div>
      <Loaded result={result} retry={again}>
        {({ referrals: { nodes, pageInfo } }) => {
          if (nodes.length > 0) {
            return (
              <>
                <ReferralTable referrals={nodes} />
                <Pagination paging={paging} info={pageInfo} />
              </>
            );
          }
          if (channel || status) return <EmptyState title={say("noneFiltered")} />;
          return (
            <EmptyState title={say("none")}>
              <p>{say("noneLead")}</p>
            </EmptyState>
          );
        }}
      </Loaded>
    </Page>
  );
}

function ReferralTable({ referrals }: { referrals: readonly ReferralRow[] }) {
  const say = useTexts(texts);
  const name = useName();
  const nameOf = useNameOf();
  const format = useFormat();
  return (
    <Table
      caption={say("title")}
      rows={referrals}
      rowKey={(referral) => referral.id}
      columns={[
        {
          key: "who",
          title: say("who"),
          cell: (referral) => (
            <>
              <Link href={`/referrals/${referral.id}`}>{referral.candidate?.name ?? say("someone")}</Link>
              <span className="soft block">
                {name(channelNames[referral.channel])} · {referral.reference}
              </span>
            </>
          ),
        },
        { key: "from", title: say("from"), cell: (referral) => nameOf(referral.giver) },
        { key: "to", title: say("to"), cell: (referral) => nameOf(referral.receiver) },
        { key: "opening", title: say("opening"), cell: (referral) => referral.opening?.title ?? "–" },
        { key: "day", title: say("day"), cell: (referral) => format.day(referral.createdOn) },
        { key: "status", title: say("status"), cell: (referral) => <Standing referral={referral} /> },
      ]}
    />
  );
}

function Standing({ referral: { status, isFree } }: { referral: ReferralRow }) {
  const say = useTexts(texts);
  const name = useName();
  return (
    <>
      {status === null ? (
        <Status tone="rest">{say("handed")}</Status>
      ) : (
        <Status tone={referralStatusTones[status]}>{name(referralStatusNames[status])}</Status>
      )}
      {isFree && <span className="soft block">{say("free")}</span>}
    </>
  );
}
