import { Link } from "wouter";
import { CheckField, fileOf, optionalText, TextField, textOf } from "@/components/Form";
import { ImportPage } from "@/components/ImportPage";
import { useTexts } from "@/lib/i18n";
import { base64Of } from "@/lib/upload";
import { ImportFlows, texts } from "./sources";

async function inputOf(csvBase64: string, values: FormData) {
  const nodes = fileOf(values, "nodesCsvBase64");
  const smallest = optionalText(values, "smallestCount");
  return {
    csvBase64,
    nodesCsvBase64: nodes === null ? null : await base64Of(nodes),
    label: textOf(values, "label"),
    smallestCount: smallest === null ? null : Number(smallest),
    replace: values.has("replace"),
  };
}

export default function ImportFlowsPage() {
  const say = useTexts(texts);
  return (
    <ImportPage
      title={say("upload")}
      back={<Link href="/flows/sources">{say("backToSources")}</Link>}
      file={say("flowsFile")}
      hint={say("flowsHint")}
      imported={say("imported")}
      mutation={ImportFlows}
      inputOf={inputOf}
      reportOf={(payload) => payload}
    >
      <TextField
        name="nodesCsvBase64"
        type="file"
        accept=".csv,text/csv"
        label={say("nodesFile")}
        hint={say("nodesHint")}
      />
      <TextField name="label" label={say("label")} hint={say("labelHint")} maxLength={100} required />
      <TextField
        name="smallestCount"
        type="number"
        min={1}
        max={100}
        label={say("smallest")}
        hint={say("smallestHint")}
      />
      <CheckField name="replace" label={say("replace")} />
    </ImportPage>
  );
}
