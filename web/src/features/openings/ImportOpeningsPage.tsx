import { Link } from "wouter";
import { ImportPage, KeepGoodRows, withGoodRows } from "@/components/ImportPage";
import { useTexts } from "@/lib/i18n";
import { ImportOpenings } from "./documents";
import { texts } from "./texts";

export default function ImportOpeningsPage() {
  const say = useTexts(texts);
  return (
    <ImportPage
      title={say("upload")}
      back={<Link href="/openings">{say("back")}</Link>}
      hint={say("fileHint")}
      imported={say("imported")}
      mutation={ImportOpenings}
      inputOf={withGoodRows}
      reportOf={(payload) => payload}
    >
      <KeepGoodRows />
    </ImportPage>
  );
}
