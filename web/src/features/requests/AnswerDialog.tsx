import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Form, SelectField, TextArea, textOf } from "@/components/Form";
import { useToast } from "@/components/Toast";
import { useChange } from "@/lib/changes";
import { useName, useTexts } from "@/lib/i18n";
import { AnswerRequest, RefuseRequest, type CandidateRequest } from "./documents";
import { kindNames, texts } from "./texts";

type AnswerDialogProps = { request: CandidateRequest; onClose: () => void; onDone: () => void };

export function AnswerDialog({ request, onClose, onDone }: AnswerDialogProps) {
  const say = useTexts(texts);
  const name = useName();
  const toast = useToast();
  const answer = useChange(AnswerRequest);
  const refuse = useChange(RefuseRequest);
  const reply = async (values: FormData) => {
    const { run } = textOf(values, "how") === "refuse" ? refuse : answer;
    const done = await run({ input: { id: request.id, text: textOf(values, "text") } });
    if (done === null) return;
    toast(say("sent"));
    onDone();
  };
  return (
    <Dialog title={name(kindNames[request.kind])} onClose={onClose}>
      <Form onSubmit={(values) => void reply(values)} errors={[...answer.errors, ...refuse.errors]}>
        <p className="lines">{request.text ?? say("gone")}</p>
        <SelectField
          name="how"
          label={say("how")}
          options={[
            { value: "answer", label: say("answer") },
            { value: "refuse", label: say("refuse") },
          ]}
        />
        <TextArea name="text" label={say("text")} hint={say("textHint")} required maxLength={2000} rows={6} />
        <div className="actions end">
          <Button kind="primary" type="submit" busy={answer.busy || refuse.busy}>
            {say("send")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
