import { Link } from "wouter";
import { useQuery } from "urql";
import { EmptyState } from "@/components/EmptyState";
import { Facts } from "@/components/Facts";
import { Loaded } from "@/components/Loaded";
import { Page, Section } from "@/components/Page";
import { Status } from "@/components/Status";
import { useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { useViewer } from "@/lib/viewer";
import { DecisionsPart } from "./DecisionsPart";
import { MeetingById, type Meeting } from "./documents";
import { MeetingActions } from "./MeetingActions";
import { PackPart } from "./PackPart";
import { statusNames, statusTones, texts } from "./texts";

export default function MeetingPage({ id }: { id: string }) {
  const say = useTexts(texts);
  const [result, refresh] = useQuery({ query: MeetingById, variables: { id } });
  const again = () => {
    refresh({ requestPolicy: "network-only" });
  };
  const back = <Link href="/meetings">{say("back")}</Link>;
  return (
    <Loaded result={result} retry={again}>
      {({ node }) =>
        node?.__typename === "Meeting" ? (
          <Page title={node.title} back={back}>
            <Parts meeting={node} onChanged={again} />
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

function Parts({ meeting, onChanged }: { meeting: Meeting; onChanged: () => void }) {
  const say = useTexts(texts);
  const { organization, may } = useViewer();
  const isOfParty = meeting.partnership?.parties.some(
    ({ status, company }) => status === "JOINED" && company?.id === organization?.id,
  );
  const isManager = may("MANAGE_MEETINGS") && (organization === null || isOfParty === true);
  return (
    <>
      {isManager && <MeetingActions meeting={meeting} onChanged={onChanged} />}
      <About meeting={meeting} />
      {meeting.pack !== null && <PackPart id={meeting.id} pack={meeting.pack} />}
      {meeting.minutes !== null && (
        <Section title={say("minutesOf")}>
          <Lines text={meeting.minutes} />
        </Section>
      )}
      {(meeting.status === "DECIDED" || meeting.status === "REVIEWED") && (
        <DecisionsPart meeting={meeting} isManager={isManager} />
      )}
    </>
  );
}

/** Text as it was typed, line by line. */
function Lines({ text }: { text: string }) {
  return text.split("\n").map((line, index) => <p key={`${index} ${line}`}>{line}</p>);
}

function About({ meeting }: { meeting: Meeting }) {
  const say = useTexts(texts);
  const name = useName();
  const format = useFormat();
  const { status, partnership, previous, place, url, agenda } = meeting;
  return (
    <Section
      title={say("about")}
      actions={
        <a className="button plain" href={`/meetings/${meeting.id}.ics`} download>
          {say("calendar")}
        </a>
      }
    >
      <Facts
        facts={[
          [
            say("status"),
            <Status key="status" tone={statusTones[status]}>
              {name(statusNames[status])}
            </Status>,
          ],
          [
            say("partnership"),
            partnership === null ? (
              say("ofConsortium")
            ) : (
              <Link key="partnership" href={`/partnerships/${partnership.id}`}>
                {partnership.name}
              </Link>
            ),
          ],
          [say("starts"), format.moment(meeting.startsAt)],
          [say("duration"), format.number(meeting.durationMinutes)],
          [say("place"), place ?? "–"],
          [say("url"), url === null ? "–" : <a key="url" href={url}>{url}</a>],
          [say("agenda"), agenda === null ? "–" : <Lines key="agenda" text={agenda} />],
          ...(previous === null
            ? []
            : [
                [
                  say("previous"),
                  <Link key="previous" href={`/meetings/${previous.id}`}>
                    {previous.title}
                  </Link>,
                ] as const,
              ]),
        ]}
      />
    </Section>
  );
}
