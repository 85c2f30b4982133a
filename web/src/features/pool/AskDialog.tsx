import { useState } from "react";
import { useQuery } from "urql";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Form, optionalText, SelectField } from "@/components/Form";
import { useToast } from "@/components/Toast";
import { idempotencyKey, useChange } from "@/lib/changes";
import { useTexts } from "@/lib/i18n";
import { useViewer } from "@/lib/viewer";
import { AskForCandidate, OwnOpenings } from "./documents";
import { texts } from "./texts";

type AskDialogProps = { candidateId: string; onClose: () => void; onDone: () => void };

/** Has the candidate asked whether the company may know them, for one of its openings or none. */
export function AskDialog({ candidateId, onClose, onDone }: AskDialogProps) {
  const say = useTexts(texts);
  const toast = useToast();
  const [key] = useState(idempotencyKey);
  const companyId = useViewer().organization?.id ?? "";
  const [{ data }] = useQuery({ query: OwnOpenings, variables: { companyId } });
  const { run, errors, busy } = useChange(AskForCandidate);
  const ask = async (values: FormData) => {
    const openingId = optionalText(values, "openingId");
    if ((await run({ input: { candidateId, openingId, idempotencyKey: key } })) === null) return;
    toast(say("asked"));
    onDone();
  };
  return (
    <Dialog title={say("ask")} onClose={onClose}>
      <Form onSubmit={ask} errors={errors}>
        <p>{say("askLead")}</p>
        <SelectField
          name="openingId"
          label={say("opening")}
          empty={say("noOpening")}
          options={(data?.openings.nodes ?? []).map(({ id, title }) => ({ value: id, label: title }))}
        />
        <div className="actions end">
          <Button kind="primary" type="submit" busy={busy}>
            {say("ask")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
