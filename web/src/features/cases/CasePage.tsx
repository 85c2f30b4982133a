import { useState } from "react";
import { Link } from "wouter";
import { useQuery } from "urql";
import { Button } from "@/components/Button";
import { CandidateFacts } from "@/components/CandidateFacts";
import { EmptyState } from "@/components/EmptyState";
import { Facts } from "@/components/Facts";
import { Form, TextArea, textOf } from "@/components/Form";
import { Loaded } from "@/components/Loaded";
import { Page, Section } from "@/components/Page";
import { Status } from "@/components/Status";
import { Table } from "@/components/Table";
import { useToast } from "@/components/Toast";
import { useChange } from "@/lib/changes";
import { useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { useReferralChanges } from "@/lib/live";
import { referralStatusNames, referralStatusTones } from "@/lib/names";
import { useViewer } from "@/lib/viewer";
import { useNameOf } from "@/lib/vocabulary";
import { CloseDialog } from "./CloseDialog";
import { CaseById, NoteOnCase, type Case } from "./documents";
import { FittingOpenings } from "./FittingOpenings";
import { IntroduceDialog } from "./IntroduceDialog";
import { caseStatusNames, caseStatusTones, texts } from "./texts";

type Part = { of: Case; onChanged: () => void };

export default function CasePage({ id }: { id: string }) {
  const say = useTexts(texts);
  const mayHandle = useViewer().may("HANDLE_CASES");
  const [opened, open] = useState<"introduce" | "close" | null>(null);
  const [result, refresh] = useQuery({ query: CaseById, variables: { id } });
  const again = () => {
    refresh({ requestPolicy: "network-only" });
  };
  const finish = () => {
    open(null);
    again();
  };
  const shut = () => {
    open(null);
  };
  useReferralChanges(again);
  const back = <Link href="/cases">{say("back")}</Link>;
  const opens = (what: "introduce" | "close", kind: "primary" | "danger") => (
    <Button
      kind={kind}
      onClick={() => {
        open(what);
      }}
    >
      {say(what)}
    </Button>
  );
  return (
    <Loaded result={result} retry={again}>
      {({ node }) =>
        node?.__typename === "Case" ? (
          <Page
            title={node.candidate?.name ?? say("unnamed")}
            back={back}
            actions={
              mayHandle &&
              node.status === "OPEN" && (
                <>
                  {opens("introduce", "primary")}
                  {opens("close", "danger")}
                </>
              )
            }
          >
            <Body of={node} onChanged={again} />
            {opened === "introduce" && node.candidate && (
              <IntroduceDialog candidateId={node.candidate.id} onClose={shut} onDone={finish} />
            )}
            {opened === "close" && <CloseDialog caseId={node.id} onClose={shut} onDone={finish} />}
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

function Body({ of, onChanged }: Part) {
  const say = useTexts(texts);
  const mayHandle = useViewer().may("HANDLE_CASES");
  return (
    <>
      <div className="columns">
        <Section title={say("candidate")}>
          {of.candidate ? <CandidateFacts candidate={of.candidate} /> : <p>–</p>}
        </Section>
        <div className="stack">
          <About of={of} />
          {mayHandle && of.status === "OPEN" ? (
            <Note key={of.changedAt} of={of} onChanged={onChanged} />
          ) : (
            of.note !== null && (
              <Section title={say("note")}>
                <p className="mail-text">{of.note}</p>
              </Section>
            )
          )}
        </div>
      </div>
      <Introductions of={of} />
      {of.status === "OPEN" && <FittingOpenings caseId={of.id} />}
    </>
  );
}

function About({ of }: { of: Case }) {
  const say = useTexts(texts);
  const name = useName();
  const nameOf = useNameOf();
  const format = useFormat();
  return (
    <Section title={say("about")}>
      <Facts
        facts={[
          [
            say("status"),
            <Status key="status" tone={caseStatusTones[of.status]}>
              {name(caseStatusNames[of.status])}
            </Status>,
          ],
          [say("from"), nameOf(of.referral?.giver ?? null)],
          [say("opened"), format.moment(of.openedAt)],
          ...(of.closedAt === null ? [] : [[say("closedAt"), format.moment(of.closedAt)] as const]),
        ]}
      />
    </Section>
  );
}

function Note({ of, onChanged }: Part) {
  const say = useTexts(texts);
  const toast = useToast();
  const { run, errors, busy } = useChange(NoteOnCase);
  const save = async (values: FormData) => {
    if ((await run({ input: { id: of.id, note: textOf(values, "note") } })) === null) return;
    toast(say("noteSaved"));
    onChanged();
  };
  return (
    <Section title={say("note")}>
      <Form onSubmit={save} errors={errors}>
        <TextArea name="note" label={say("note")} hint={say("noteHint")} defaultValue={of.note ?? ""} />
        <div className="actions">
          <Button type="submit" busy={busy}>
            {say("saveNote")}
          </Button>
        </div>
      </Form>
    </Section>
  );
}

function Introductions({ of }: { of: Case }) {
  const say = useTexts(texts);
  const name = useName();
  const nameOf = useNameOf();
  const format = useFormat();
  const rows = of.introductions.nodes;
  return (
    <Section title={say("introductions")}>
      {rows.length === 0 ? (
        <EmptyState title={say("noIntroductions")}>
          <p>{say("introduceLead")}</p>
        </EmptyState>
      ) : (
        <Table
          caption={say("introductions")}
          rows={rows}
          rowKey={(referral) => referral.id}
          columns={[
            {
              key: "to",
              title: say("to"),
              cell: (referral) => <Link href={`/referrals/${referral.id}`}>{nameOf(referral.receiver)}</Link>,
            },
            { key: "opening", title: say("opening"), cell: (referral) => referral.opening?.title ?? "–" },
            { key: "day", title: say("day"), cell: (referral) => format.day(referral.createdOn) },
            {
              key: "status",
              title: say("status"),
              cell: ({ status, isFree }) => (
                <>
                  {status !== null && (
                    <Status tone={referralStatusTones[status]}>{name(referralStatusNames[status])}</Status>
                  )}
                  {isFree && <span className="soft block">{say("free")}</span>}
                </>
              ),
            },
          ]}
        />
      )}
    </Section>
  );
}
