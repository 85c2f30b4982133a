import { useState } from "react";
import { Button } from "@/components/Button";
import { Form, SelectField, textOf } from "@/components/Form";
import { useChange } from "@/lib/changes";
import { useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { ExportFlowNetwork, formatNames, type FlowNetworkFilter, type NetworkFormat } from "@/lib/networkExports";

const texts = {
  format: ["形式", "Format"],
  save: ["ファイルに書き出す", "Export to a file"],
  begun: [
    "{file} の保存を始めました。始まらないときは、{until} までこちらから保存できます:",
    "Saving {file} has begun. If it has not, fetch it here until {until}:",
  ],
} as const;

const FORMATS = Object.keys(formatNames) as NetworkFormat[];

type Signed = { path: string; file: string; until: string };

/** Chooses a format, and saves a part of the flow network as a file of it. */
export function ExportControl({ where }: { where: FlowNetworkFilter }) {
  const say = useTexts(texts);
  const name = useName();
  const format = useFormat();
  const { run, errors, busy } = useChange(ExportFlowNetwork);
  const [signed, setSigned] = useState<Signed | null>(null);
  const save = async (values: FormData) => {
    const chosen = FORMATS.find((one) => one === textOf(values, "format")) ?? "GEXF";
    setSigned(null);
    const done = await run({ input: { where, format: chosen } });
    if (!done?.url || !done.expiresAt || !done.fileName) return;
    // By the path alone: the page may be open under another name of the same server.
    const path = new URL(done.url).pathname;
    setSigned({ path, file: done.fileName, until: format.moment(done.expiresAt) });
    begin(path);
  };
  return (
    <div className="stack">
      {/* What is refused is the window, whose fields are elsewhere. */}
      <Form className="form inline" errors={errors.map((error) => ({ ...error, path: [] }))} onSubmit={save}>
        <SelectField
          name="format"
          label={say("format")}
          options={FORMATS.map((value) => ({ value, label: name(formatNames[value]) }))}
        />
        <Button type="submit" busy={busy}>
          {say("save")}
        </Button>
      </Form>
      <p role="status">
        {signed !== null && (
          <>
            {say("begun", { file: signed.file, until: signed.until })}{" "}
            <a href={signed.path} download>
              {signed.file}
            </a>
          </>
        )}
      </p>
    </div>
  );
}

/** As if the link had been followed: the browser saves the file, and the page stays. */
function begin(path: string) {
  const link = document.createElement("a");
  link.href = path;
  link.download = "";
  link.click();
}
