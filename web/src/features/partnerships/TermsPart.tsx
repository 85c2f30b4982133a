import { useState } from "react";
import { useSearchParams } from "wouter";
import { Button } from "@/components/Button";
import { Confirm, Dialog } from "@/components/Dialog";
import { Facts } from "@/components/Facts";
import { ErrorSummary, Form } from "@/components/Form";
import { Section } from "@/components/Page";
import { Status } from "@/components/Status";
import { useToast } from "@/components/Toast";
import { idempotencyKey, useChange } from "@/lib/changes";
import { useFormat } from "@/lib/format";
import { joined, useName, useTexts } from "@/lib/i18n";
import { candidateFieldNames, identifies } from "@/lib/names";
import { useNameOf, useTerm } from "@/lib/vocabulary";
import { termsActionsFor, type Own } from "./actions";
import {
  AcceptTerms,
  ProposeDecidedTerms,
  ProposeTerms,
  RejectTerms,
  type Partnership,
  type Terms,
} from "./documents";
import { RewardsList } from "./RewardsList";
import { TermsFields, termsOf } from "./TermsFields";
import { breachNames, texts } from "./texts";

type TermsPartProps = { partnership: Partnership; own: Own; isManager: boolean; onChanged: () => void };

/** The terms in force, and beside them those that wait for answers. */
export function TermsPart({ partnership, own, isManager, onChanged }: TermsPartProps) {
  const say = useTexts(texts);
  const { terms, proposedTerms } = partnership;
  const actions = isManager ? termsActionsFor(partnership, own) : [];
  return (
    <div className="columns">
      {terms !== null && (
        <Section
          title={say("inForce", { n: terms.number })}
          actions={actions.includes("propose") && <ProposePart partnership={partnership} onChanged={onChanged} />}
        >
          <TermsFacts terms={terms} />
        </Section>
      )}
      {proposedTerms !== null && (
        <Section title={say("proposedTerms", { n: proposedTerms.number })}>
          <TermsFacts terms={proposedTerms} />
          <AnswerPart
            terms={proposedTerms}
            mayAccept={actions.includes("accept")}
            mayReject={actions.includes("reject")}
            isOwn={(proposedTerms.proposer?.id ?? null) === own}
            onChanged={onChanged}
          />
        </Section>
      )}
      {terms === null && proposedTerms === null && (
        <Section title={say("termsTitle")}>
          <p className="note">{say("noTerms")}</p>
        </Section>
      )}
    </div>
  );
}

function TermsFacts({ terms }: { terms: Terms }) {
  const say = useTexts(texts);
  const name = useName();
  const nameOf = useNameOf();
  const term = useTerm();
  const format = useFormat();
  const fields = (those: Terms["fields"]) => joined(those.map((field) => name(candidateFieldNames[field])), " / ");
  const breaches = terms.policyBreaches.map((breach) => name(breachNames[breach]));
  return (
    <Facts
      facts={[
        ...(breaches.length > 0
          ? [[say("outside"), <Status key="outside" tone="stop">{joined(breaches, " / ")}</Status>] as const]
          : []),
        [say("open"), fields(terms.fields.filter((field) => !identifies(field)))],
        [say("identifying"), fields(terms.fields.filter(identifies))],
        [say("categories"), terms.categories.length === 0 ? say("allCategories") : terms.categories.map(term).join(" / ")],
        [say("sharedDays"), say("days", { n: terms.sharedDays })],
        [say("noticeDays"), say("days", { n: terms.noticeDays })],
        [say("rewards"), <RewardsList key="rewards" terms={terms} />],
        [say("proposer"), terms.proposer === null ? say("consortium") : nameOf(terms.proposer)],
        [say("since"), format.day(terms.proposedAt)],
        terms.inForceAt === null
          ? [say("acceptedBy"), terms.acceptedBy.length === 0 ? say("nobody") : terms.acceptedBy.map(nameOf).join(" / ")]
          : [say("inForceSince"), format.day(terms.inForceAt)],
      ]}
    />
  );
}

type AnswerPartProps = {
  terms: Terms;
  mayAccept: boolean;
  mayReject: boolean;
  isOwn: boolean;
  onChanged: () => void;
};

function AnswerPart({ terms, mayAccept, mayReject, isOwn, onChanged }: AnswerPartProps) {
  const say = useTexts(texts);
  const toast = useToast();
  const accepting = useChange(AcceptTerms);
  const rejecting = useChange(RejectTerms);
  const [isAsking, ask] = useState(false);
  const isBusy = accepting.busy || rejecting.busy;
  const input = { input: { id: terms.id } };
  const accept = async () => {
    const done = await accepting.run(input);
    ask(false);
    if (done === null) return;
    toast(say("termsAccepted"));
    onChanged();
  };
  const reject = async () => {
    if ((await rejecting.run(input)) === null) return;
    toast(say("termsRejected"));
    onChanged();
  };
  return (
    <>
      <ErrorSummary errors={[...accepting.errors, ...rejecting.errors]} />
      <div className="actions">
        {mayAccept && (
          <Button
            kind="primary"
            busy={isBusy}
            onClick={() => {
              ask(true);
            }}
          >
            {say("acceptTerms")}
          </Button>
        )}
        {mayReject && (
          <Button kind="danger" busy={isBusy} onClick={reject}>
            {say(isOwn ? "takeTermsBack" : "rejectTerms")}
          </Button>
        )}
      </div>
      {isAsking && (
        <Confirm
          title={say("acceptTerms")}
          action={say("acceptTerms")}
          busy={isBusy}
          onClose={() => {
            ask(false);
          }}
          onConfirm={accept}
        >
          <p>{say("acceptTermsAsk")}</p>
        </Confirm>
      )}
    </>
  );
}

type ProposePartProps = { partnership: Partnership; onChanged: () => void };

function ProposePart({ partnership, onChanged }: ProposePartProps) {
  const say = useTexts(texts);
  const [search] = useSearchParams();
  const [isOpen, open] = useState(search.has("decision"));
  return (
    <>
      <Button
        onClick={() => {
          open(true);
        }}
      >
        {say("otherTerms")}
      </Button>
      {isOpen && (
        <ProposeDialog
          partnership={partnership}
          onClose={() => {
            open(false);
          }}
          onDone={() => {
            open(false);
            onChanged();
          }}
        />
      )}
    </>
  );
}

type ProposeDialogProps = { partnership: Partnership; onClose: () => void; onDone: () => void };

function ProposeDialog({ partnership, onClose, onDone }: ProposeDialogProps) {
  const say = useTexts(texts);
  const toast = useToast();
  const [key] = useState(idempotencyKey);
  const proposing = useChange(ProposeTerms);
  const deciding = useChange(ProposeDecidedTerms);
  const [search] = useSearchParams();
  const decisionId = search.get("decision");
  const { errors, busy } = decisionId === null ? proposing : deciding;
  const propose = async (values: FormData) => {
    const input = { terms: termsOf(values), idempotencyKey: key };
    const done =
      decisionId === null
        ? await proposing.run({ input: { ...input, partnershipId: partnership.id } })
        : await deciding.run({ input: { ...input, decisionId } });
    if (done === null) return;
    toast(say("termsProposed"));
    onDone();
  };
  return (
    <Dialog title={say("otherTerms")} onClose={onClose}>
      <Form onSubmit={propose} errors={errors}>
        <p>{say("otherTermsLead")}</p>
        {decisionId !== null && <p>{say("decidedTermsLead")}</p>}
        <TermsFields terms={partnership.terms} />
        <div className="actions end">
          <Button kind="primary" type="submit" busy={busy}>
            {say("otherTerms")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
