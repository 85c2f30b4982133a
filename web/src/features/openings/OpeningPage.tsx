import { useState } from "react";
import { Link } from "wouter";
import { useQuery } from "urql";
import { Button } from "@/components/Button";
import { Confirm } from "@/components/Dialog";
import { EmptyState } from "@/components/EmptyState";
import { Facts } from "@/components/Facts";
import { ErrorSummary, Form } from "@/components/Form";
import { Loaded } from "@/components/Loaded";
import { Page, Section } from "@/components/Page";
import { Status } from "@/components/Status";
import { useToast } from "@/components/Toast";
import { useChange } from "@/lib/changes";
import { useFormat } from "@/lib/format";
import { joined, useName, useTexts } from "@/lib/i18n";
import { useViewer } from "@/lib/viewer";
import { useNameOf, useTerm } from "@/lib/vocabulary";
import { CloseOpening, OpeningById, UpdateOpening, type Opening } from "./documents";
import { FittingCandidates } from "./FittingCandidates";
import { TermsFields, termsOf } from "./TermsFields";
import { statusNames, statusTones, texts } from "./texts";

type Part = { opening: Opening; onChanged: () => void };

export default function OpeningPage({ id }: { id: string }) {
  const say = useTexts(texts);
  const nameOf = useNameOf();
  const viewer = useViewer();
  const [result, refresh] = useQuery({ query: OpeningById, variables: { id } });
  const again = () => {
    refresh({ requestPolicy: "network-only" });
  };
  const back = <Link href="/openings">{say("back")}</Link>;
  const isOurs = (opening: Opening) =>
    viewer.may("MANAGE_OPENINGS") && opening.keeper?.id === viewer.organization?.id && opening.status === "OPEN";
  return (
    <Loaded result={result} retry={again}>
      {({ node }) =>
        node?.__typename === "Opening" ? (
          <Page title={node.title} lead={nameOf(node.company)} back={back}>
            {isOurs(node) ? (
              <Edit key={node.changedAt} opening={node} onChanged={again} />
            ) : (
              <Said opening={node} />
            )}
            {viewer.may("READ_CASES") && node.status === "OPEN" && <FittingCandidates openingId={node.id} />}
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

function Said({ opening }: { opening: Opening }) {
  const say = useTexts(texts);
  const name = useName();
  const nameOf = useNameOf();
  const term = useTerm();
  const format = useFormat();
  return (
    <Section title={say("edit")}>
      <Facts
        facts={[
          [
            say("status"),
            <Status key="status" tone={statusTones[opening.status]}>
              {name(statusNames[opening.status])}
            </Status>,
          ],
          [say("category"), term(opening.category)],
          [say("prefecture"), opening.prefecture === null ? say("anywhere") : term(opening.prefecture)],
          [say("skills"), joined(opening.skills?.map(term), " / ")],
          [
            say("experience"),
            opening.experienceYearsMin === null
              ? say("notAsked")
              : say("years", { n: opening.experienceYearsMin }),
          ],
          [say("headcount"), say("people", { n: opening.headcount })],
          [say("until"), opening.openUntil === null ? say("noEnd") : format.day(opening.openUntil)],
          [say("keeper"), nameOf(opening.keeper)],
        ]}
      />
    </Section>
  );
}

function Edit({ opening, onChanged }: Part) {
  const say = useTexts(texts);
  const toast = useToast();
  const { run, errors, busy } = useChange(UpdateOpening);
  const save = async (values: FormData) => {
    if ((await run({ input: { id: opening.id, terms: termsOf(values) } })) === null) return;
    toast(say("saved"));
    onChanged();
  };
  return (
    <Section title={say("edit")} actions={<Close opening={opening} onChanged={onChanged} />}>
      <Form onSubmit={save} errors={errors}>
        <TermsFields opening={opening} />
        <div className="actions">
          <Button kind="primary" type="submit" busy={busy}>
            {say("save")}
          </Button>
        </div>
      </Form>
    </Section>
  );
}

function Close({ opening, onChanged }: Part) {
  const say = useTexts(texts);
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const { run, errors, busy } = useChange(CloseOpening);
  const close = async () => {
    const done = await run({ input: { id: opening.id } });
    setAsking(false);
    if (done === null) return;
    toast(say("closed"));
    onChanged();
  };
  return (
    <>
      <ErrorSummary errors={errors} />
      <Button
        kind="danger"
        onClick={() => {
          setAsking(true);
        }}
      >
        {say("close")}
      </Button>
      {asking && (
        <Confirm
          title={say("close")}
          action={say("close")}
          busy={busy}
          onConfirm={close}
          onClose={() => {
            setAsking(false);
          }}
        >
          <p>{say("closeAsk", { title: opening.title })}</p>
        </Confirm>
      )}
    </>
  );
}
