import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useQuery } from "urql";
import { Button } from "@/components/Button";
import { Form, optionalText, SelectField } from "@/components/Form";
import { Page } from "@/components/Page";
import { Search } from "@/components/Search";
import { useToast } from "@/components/Toast";
import { idempotencyKey, useChange } from "@/lib/changes";
import { useTexts } from "@/lib/i18n";
import { useViewer } from "@/lib/viewer";
import { useNameOf } from "@/lib/vocabulary";
import { Companies, CreateOpening } from "./documents";
import { TermsFields, termsOf } from "./TermsFields";
import { texts } from "./texts";

export default function NewOpeningPage() {
  const say = useTexts(texts);
  const toast = useToast();
  const [, go] = useLocation();
  const [key] = useState(idempotencyKey);
  const [sought, seek] = useState("");
  const isAgency = useViewer().organization?.isCompany === false;
  const { run, errors, busy } = useChange(CreateOpening);
  const create = async (values: FormData) => {
    const done = await run({
      input: { companyId: optionalText(values, "companyId"), terms: termsOf(values), idempotencyKey: key },
    });
    if (done === null) return;
    toast(say("created"));
    go("/openings");
  };
  return (
    <Page title={say("create")} back={<Link href="/openings">{say("back")}</Link>}>
      {isAgency && (
        <Search label={say("companySearch")} action={say("search")} value={sought} onSearch={seek} />
      )}
      <Form onSubmit={create} errors={errors}>
        {isAgency && <CompanyField sought={sought} />}
        <TermsFields />
        <div className="actions">
          <Button kind="primary" type="submit" busy={busy}>
            {say("create")}
          </Button>
        </div>
      </Form>
    </Page>
  );
}

function CompanyField({ sought }: { sought: string }) {
  const say = useTexts(texts);
  const nameOf = useNameOf();
  const [{ data }] = useQuery({ query: Companies, variables: { name: sought || null } });
  const companies = data?.consortium.members.nodes ?? [];
  return (
    <SelectField
      name="companyId"
      label={say("company")}
      empty={say("chooseCompany")}
      required
      options={companies.map((company) => ({ value: company.id, label: nameOf(company) }))}
    />
  );
}
