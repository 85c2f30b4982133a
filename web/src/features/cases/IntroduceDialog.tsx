import { useState } from "react";
import { useQuery } from "urql";
import { Button } from "@/components/Button";
import { CompanyField } from "@/components/CompanyField";
import { Dialog } from "@/components/Dialog";
import { Form, optionalText, SelectField, textOf } from "@/components/Form";
import { Loaded } from "@/components/Loaded";
import { Search } from "@/components/Search";
import { useToast } from "@/components/Toast";
import { idempotencyKey, useChange } from "@/lib/changes";
import { useTexts } from "@/lib/i18n";
import { IntroduceCandidate, OpeningsOfCompany } from "./documents";
import { texts } from "./texts";

type IntroduceDialogProps = { candidateId: string; onClose: () => void; onDone: () => void };

/** Chooses a company, and one of its openings, and has the candidate asked. */
export function IntroduceDialog({ candidateId, onClose, onDone }: IntroduceDialogProps) {
  const say = useTexts(texts);
  const toast = useToast();
  const [sought, seek] = useState("");
  const [companyId, setCompanyId] = useState("");
  const [key] = useState(idempotencyKey);
  const { run, errors, busy } = useChange(IntroduceCandidate);
  const introduce = async (values: FormData) => {
    const done = await run({
      input: {
        candidateId,
        companyId: textOf(values, "companyId"),
        openingId: optionalText(values, "openingId"),
        idempotencyKey: key,
      },
    });
    if (done === null) return;
    toast(say("asked"));
    onDone();
  };
  return (
    <Dialog title={say("introduce")} onClose={onClose}>
      <div className="stack">
        <p>{say("introduceLead")}</p>
        <Search label={say("companySearch")} action={say("search")} value={sought} onSearch={seek} />
        <Form onSubmit={introduce} errors={errors}>
          <CompanyField
            sought={sought}
            value={companyId}
            onChange={(event) => {
              setCompanyId(event.target.value);
            }}
          />
          {companyId === "" ? <OpeningField openings={[]} /> : <OpeningOf companyId={companyId} />}
          <div className="actions end">
            <Button kind="primary" type="submit" busy={busy}>
              {say("ask")}
            </Button>
          </div>
        </Form>
      </div>
    </Dialog>
  );
}

function OpeningOf({ companyId }: { companyId: string }) {
  const [result, again] = useQuery({ query: OpeningsOfCompany, variables: { companyId } });
  return (
    <Loaded result={result} retry={again}>
      {({ openings }) => <OpeningField openings={openings.nodes} />}
    </Loaded>
  );
}

function OpeningField({ openings }: { openings: readonly { id: string; title: string }[] }) {
  const say = useTexts(texts);
  return (
    <SelectField
      name="openingId"
      label={say("opening")}
      empty={say("noOpening")}
      options={openings.map((opening) => ({ value: opening.id, label: opening.title }))}
    />
  );
}
