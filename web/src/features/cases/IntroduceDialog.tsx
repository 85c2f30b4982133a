import { useState } from "react";
import { useQuery } from "urql";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Form, optionalText, SelectField, textOf } from "@/components/Form";
import { Search } from "@/components/Search";
import { useToast } from "@/components/Toast";
import { idempotencyKey, useChange } from "@/lib/changes";
import { useTexts } from "@/lib/i18n";
import { useNameOf } from "@/lib/vocabulary";
import { IntroduceCandidate, IntroductionTargets, OpeningsOfCompany } from "./documents";
import { texts } from "./texts";

type IntroduceDialogProps = { candidateId: string; onClose: () => void; onDone: () => void };

/** Chooses a company, and one of its openings, and has the candidate asked. */
export function IntroduceDialog({ candidateId, onClose, onDone }: IntroduceDialogProps) {
  const say = useTexts(texts);
  const toast = useToast();
  const nameOf = useNameOf();
  const [sought, seek] = useState("");
  const [companyId, setCompanyId] = useState("");
  const [key] = useState(idempotencyKey);
  const [{ data }] = useQuery({ query: IntroductionTargets, variables: { name: sought || null } });
  const [{ data: found }] = useQuery({
    query: OpeningsOfCompany,
    variables: { companyId },
    pause: companyId === "",
  });
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
  const companies = data?.consortium.members.nodes ?? [];
  const openings = companyId === "" ? [] : (found?.openings.nodes ?? []);
  return (
    <Dialog title={say("introduce")} onClose={onClose}>
      <div className="stack">
        <p>{say("introduceLead")}</p>
        <Search label={say("companySearch")} action={say("search")} value={sought} onSearch={seek} />
        <Form onSubmit={introduce} errors={errors}>
          <SelectField
            name="companyId"
            label={say("company")}
            empty={say("chooseCompany")}
            required
            value={companyId}
            onChange={(event) => {
              setCompanyId(event.target.value);
            }}
            options={companies.map((company) => ({ value: company.id, label: nameOf(company) }))}
          />
          <SelectField
            name="openingId"
            label={say("opening")}
            empty={say("noOpening")}
            options={openings.map((opening) => ({ value: opening.id, label: opening.title }))}
          />
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
