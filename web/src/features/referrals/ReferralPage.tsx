import { Link } from "wouter";
import { useQuery } from "urql";
import { CandidateFacts } from "@/components/CandidateFacts";
import { EmptyState } from "@/components/EmptyState";
import { Facts } from "@/components/Facts";
import { Loaded } from "@/components/Loaded";
import { Page, Section } from "@/components/Page";
import { Status } from "@/components/Status";
import { useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { useReferralChanges } from "@/lib/live";
import { channelNames, referralStatusNames, referralStatusTones } from "@/lib/names";
import { useNameOf } from "@/lib/vocabulary";
import { ReferralById, type Referral } from "./documents";
import { NextSteps } from "./NextSteps";
import { OutcomeSection } from "./OutcomeSection";
import { OfferPart } from "./OfferPart";
import { RewardsSection } from "./RewardsSection";
import { declineReasonNames, texts } from "./texts";

export default function ReferralPage({ id }: { id: string }) {
  const say = useTexts(texts);
  const [result, refresh] = useQuery({ query: ReferralById, variables: { id } });
  const again = () => {
    refresh({ requestPolicy: "network-only" });
  };
  useReferralChanges(again);
  const back = <Link href="/referrals">{say("back")}</Link>;
  return (
    <Loaded result={result} retry={again}>
      {({ node }) =>
        node?.__typename === "Referral" ? (
          <Page title={node.candidate?.name ?? say("someone")} back={back}>
            <OfferPart referral={node} />
            {node.status !== null && <NextSteps referral={node} onChanged={again} />}
            {node.hire !== null && <OutcomeSection hire={node.hire} onChanged={again} />}
            {node.rewards.length > 0 && <RewardsSection rewards={node.rewards} />}
            <div className="columns">
              <About referral={node} />
              <Section title={say("candidate")}>
                {node.candidate === null ? (
                  <p className="note">{say("noCandidate")}</p>
                ) : (
                  <CandidateFacts candidate={node.candidate} />
                )}
              </Section>
            </div>
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

function Reference({ referral: { reference } }: { referral: Referral }) {
  const say = useTexts(texts);
  return (
    <>
      {reference}
      <span className="soft block">{say("referenceHint")}</span>
    </>
  );
}

function About({ referral }: { referral: Referral }) {
  const say = useTexts(texts);
  const name = useName();
  const nameOf = useNameOf();
  const format = useFormat();
  const { status, declineReason, hire } = referral;
  const facts: [string, React.ReactNode][] = [
    [say("reference"), <Reference key="reference" referral={referral} />],
    [say("channel"), name(channelNames[referral.channel])],
    [say("from"), nameOf(referral.giver)],
    [say("to"), nameOf(referral.receiver)],
    [say("opening"), referral.opening?.title ?? "–"],
    [say("day"), format.day(referral.createdOn)],
    [
      say("status"),
      status === null ? (
        say("handed")
      ) : (
        <Status tone={referralStatusTones[status]}>{name(referralStatusNames[status])}</Status>
      ),
    ],
  ];
  if (declineReason !== null) facts.push([say("declineReason"), name(declineReasonNames[declineReason])]);
  if (referral.channel === "PARTNER_SHARE") {
    facts.push([say("began"), say(referral.isAsked ? "askedFor" : "offeredOn")]);
    facts.push([say("sharedUntil"), format.moment(referral.sharedUntil)]);
  }
  if (status === "PROPOSED" || status === "REQUESTED") facts.push([say("respondBy"), format.moment(referral.respondBy)]);
  if (referral.changedAt !== null) facts.push([say("changed"), format.moment(referral.changedAt)]);
  if (hire !== null) {
    facts.push([say("joinedOn"), format.day(hire.joinedOn)]);
    facts.push([say("fee"), hire.isFree ? say("noFee") : format.yen(hire.feeYen)]);
  }
  return (
    <Section title={say("about")}>
      <Facts facts={facts} />
    </Section>
  );
}
