import { Link } from "wouter";
import { ImportPage, KeepGoodRows, withGoodRows } from "@/components/ImportPage";
import { useTexts } from "@/lib/i18n";
import { ImportMembers } from "./documents";
import { texts } from "./texts";

export default function ImportMembersPage() {
  const say = useTexts(texts);
  return (
    <ImportPage
      title={say("upload")}
      back={<Link href="/members">{say("back")}</Link>}
      hint={say("fileHint")}
      imported={say("imported")}
      mutation={ImportMembers}
      inputOf={withGoodRows}
      reportOf={(payload) => payload}
    >
      <KeepGoodRows />
    </ImportPage>
  );
}
