import { useState } from "react";
import { useLocation } from "wouter";
import { useQuery } from "urql";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Form, SelectField, textOf } from "@/components/Form";
import { Loading } from "@/components/Loaded";
import { Section } from "@/components/Page";
import { useToast } from "@/components/Toast";
import { idempotencyKey, useChange } from "@/lib/changes";
import { useTexts } from "@/lib/i18n";
import { useViewer } from "@/lib/viewer";
import { useNameOf, useTerm, Vocabularies } from "@/lib/vocabulary";
import { OfferCandidate, PartnersInForce, type Referral } from "./documents";
import { texts } from "./texts";

/** For someone who came through one's own link and gave their name: offer them to a partner. */
export function OfferPart({ referral: { channel, giver, candidate } }: { referral: Referral }) {
  const say = useTexts(texts);
  const viewer = useViewer();
  const [isOpen, open] = useState(false);
  const close = () => {
    open(false);
  };
  const isOurs = channel === "RELAY_LINK" && giver?.id === viewer.organization?.id;
  if (!isOurs || candidate === null || !viewer.may("SHARE_CANDIDATES")) return null;
  return (
    <Section title={say("offerTitle")} note={say("offerLead")}>
      <div className="actions">
        <Button
          onClick={() => {
            open(true);
          }}
        >
          {say("offerPartner")}
        </Button>
      </div>
      {isOpen && <OfferDialog candidateId={candidate.id} onClose={close} />}
    </Section>
  );
}

type OfferDialogProps = { candidateId: string; onClose: () => void };

function OfferDialog({ candidateId, onClose }: OfferDialogProps) {
  const say = useTexts(texts);
  const toast = useToast();
  const term = useTerm();
  const nameOf = useNameOf();
  const [, goTo] = useLocation();
  const [key] = useState(idempotencyKey);
  const [{ data: words }] = useQuery({ query: Vocabularies });
  const partners = usePartners();
  const { run, errors, busy } = useChange(OfferCandidate);
  const offer = async (values: FormData) => {
    const done = await run({
      input: {
        candidateId,
        companyId: textOf(values, "companyId"),
        category: textOf(values, "category"),
        idempotencyKey: key,
      },
    });
    if (done === null) return;
    toast(say("offeredPartner"));
    if (done.referral === null) onClose();
    else goTo(`/referrals/${done.referral.id}`);
  };
  return (
    <Dialog title={say("offerPartner")} onClose={onClose}>
      {words === undefined || partners === null ? (
        <Loading />
      ) : (
        <Form onSubmit={offer} errors={errors}>
          {partners.length === 0 && <p>{say("noPartners")}</p>}
          <SelectField
            name="companyId"
            label={say("partner")}
            empty={say("choosePartner")}
            required
            options={partners.map((company) => ({ value: company.id, label: nameOf(company) }))}
          />
          <SelectField
            name="category"
            label={say("category")}
            hint={say("categoryHint")}
            empty={say("chooseCategory")}
            required
            options={words.vocabularies.jobCategories.map((word) => ({ value: word.code, label: term(word) }))}
          />
          <div className="actions end">
            <Button kind="primary" type="submit" busy={busy}>
              {say("offerPartner")}
            </Button>
          </div>
        </Form>
      )}
    </Dialog>
  );
}

/** The companies with which a partnership is in force, each once; null while they are on their way. */
function usePartners() {
  const own = useViewer().organization?.id;
  const [{ data }] = useQuery({ query: PartnersInForce });
  if (data === undefined) return null;
  const joined = data.partnerships.nodes
    .flatMap((partnership) => partnership.parties)
    .flatMap(({ status, company }) => (status === "JOINED" && company !== null ? [company] : []))
    .filter((company) => company.id !== own);
  return [...new Map(joined.map((company) => [company.id, company])).values()];
}
