import { Link } from "wouter";
import { useQuery } from "urql";
import { LinkButton } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { Loaded } from "@/components/Loaded";
import { Page, Section } from "@/components/Page";
import { Status } from "@/components/Status";
import { Table } from "@/components/Table";
import { WaitingSection } from "@/components/WaitingSection";
import { useToast } from "@/components/Toast";
import { useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { useFreeHiresEarned, useReferralChanges } from "@/lib/live";
import {
  channelNames,
  freeHireStatusNames,
  freeHireStatusTones,
  referralStatusNames,
  referralStatusTones,
} from "@/lib/names";
import { useViewer } from "@/lib/viewer";
import { useNameOf } from "@/lib/vocabulary";
import { CountHero } from "./CountHero";
import { CompanyHome, type Company, type RecentReferral } from "./documents";
import { PathSection } from "./PathSection";
import { texts } from "./texts";

export default function CompanyHomePage() {
  const say = useTexts(texts);
  const toast = useToast();
  const viewer = useViewer();
  const nameOf = useNameOf();
  const [result, refresh] = useQuery({ query: CompanyHome });
  const again = () => {
    refresh({ requestPolicy: "network-only" });
  };
  useReferralChanges(again);
  useFreeHiresEarned(() => {
    toast(say("earnedNow"));
    again();
  });
  return (
    <Page title={viewer.organization === null ? say("title") : nameOf(viewer.organization)}>
      <Loaded result={result} retry={again}>
        {({ firstSteps, viewer: found, referrals }) => (
          <>
            {found?.organization?.__typename === "Company" && <CountHero company={found.organization} />}
            <WaitingSection />
            {!firstSteps.done && <PathSection steps={firstSteps.steps} />}
            {found?.organization?.__typename === "Company" && <FreeHires company={found.organization} />}
            <Recent referrals={referrals.nodes} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function FreeHires({ company: { freeHires, account } }: { company: Company }) {
  const say = useTexts(texts);
  const name = useName();
  const format = useFormat();
  return (
    <Section title={say("freeHires")}>
      {freeHires.nodes.length === 0 ? (
        <EmptyState title={say("noFreeHires")}>
          <p>{say("noFreeHiresLead", { n: account?.countsPerFreeHire ?? 10 })}</p>
        </EmptyState>
      ) : (
        <Table
          caption={say("freeHires")}
          rows={freeHires.nodes}
          rowKey={(one) => one.id}
          columns={[
            {
              key: "status",
              title: say("status"),
              cell: ({ status, referral }) => {
                const shown = <Status tone={freeHireStatusTones[status]}>{name(freeHireStatusNames[status])}</Status>;
                return referral === null ? shown : <Link href={`/referrals/${referral.id}`}>{shown}</Link>;
              },
            },
            { key: "earned", title: say("earned"), cell: (one) => format.day(one.earnedOn) },
            { key: "expires", title: say("expires"), cell: (one) => format.day(one.expiresOn) },
          ]}
        />
      )}
    </Section>
  );
}

function Recent({ referrals }: { referrals: readonly RecentReferral[] }) {
  const say = useTexts(texts);
  const name = useName();
  const nameOf = useNameOf();
  const format = useFormat();
  return (
    <Section title={say("recent")} actions={<LinkButton href="/referrals">{say("allReferrals")}</LinkButton>}>
      {referrals.length === 0 ? (
        <EmptyState title={say("noReferrals")} />
      ) : (
        <Table
          caption={say("recent")}
          rows={referrals}
          rowKey={(one) => one.id}
          columns={[
            {
              key: "who",
              title: say("who"),
              cell: (one) => (
                <>
                  <Link href={`/referrals/${one.id}`}>{one.candidate?.name ?? say("someone")}</Link>
                  <span className="soft block">{name(channelNames[one.channel])}</span>
                </>
              ),
            },
            {
              key: "with",
              title: say("withWhom"),
              cell: (one) => `${nameOf(one.giver)} → ${nameOf(one.receiver)}`,
            },
            { key: "day", title: say("day"), cell: (one) => format.day(one.createdOn) },
            {
              key: "status",
              title: say("status"),
              cell: ({ status }) =>
                status === null ? (
                  <Status tone="rest">{say("handed")}</Status>
                ) : (
                  <Status tone={referralStatusTones[status]}>{name(referralStatusNames[status])}</Status>
                ),
            },
          ]}
        />
      )}
    </Section>
  );
}
