import { useState } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import { useQuery } from "urql";
import { Button } from "@/components/Button";
import { Form, SelectField, TextField, textOf } from "@/components/Form";
import { Loaded } from "@/components/Loaded";
import { Page } from "@/components/Page";
import { Search } from "@/components/Search";
import { useToast } from "@/components/Toast";
import { idempotencyKey, useChange } from "@/lib/changes";
import { useTexts } from "@/lib/i18n";
import { useViewer } from "@/lib/viewer";
import { useNameOf } from "@/lib/vocabulary";
import { ChosenCompanies, PossiblePartners, ProposePartnership } from "./documents";
import { PolicyInForce } from "./policy";
import { TermsFields, termsOf } from "./TermsFields";
import { texts } from "./texts";

type Company = { id: string; name: string; nameEn: string | null };

const NAME_CHARS_MAX = 80;
const PARTIES_MAX = 20;

export default function NewPartnershipPage() {
  const say = useTexts(texts);
  const toast = useToast();
  const [, go] = useLocation();
  const [key] = useState(idempotencyKey);
  const [sought, seek] = useState("");
  const { run, errors, busy } = useChange(ProposePartnership);
  const propose = async (values: FormData) => {
    const done = await run({
      input: {
        name: textOf(values, "name"),
        companyIds: values.getAll("company").filter((id) => typeof id === "string"),
        terms: termsOf(values),
        idempotencyKey: key,
      },
    });
    if (done === null) return;
    toast(say("proposed"));
    go(done.partnership ? `/partnerships/${done.partnership.id}` : "/partnerships");
  };
  const [search] = useSearchParams();
  const ids = (search.get("companies") ?? "").split(",").filter(Boolean).slice(0, PARTIES_MAX);
  const [begun, again] = useQuery({ query: ChosenCompanies, variables: { ids } });
  const viewer = useViewer();
  const [{ data: allowed }] = useQuery({ query: PolicyInForce });
  const isClosed = viewer.organization !== null && allowed?.consortium.partnershipPolicy.companiesMayPropose === false;
  return (
    <Page title={say("propose")} back={<Link href="/partnerships">{say("back")}</Link>}>
      {isClosed && <p className="note">{say("proposalsByConsortium")}</p>}
      <Search label={say("companySearch")} action={say("search")} value={sought} onSearch={seek} />
      <Loaded result={begun} retry={again}>
        {({ nodes }) => (
          <Form onSubmit={propose} errors={errors}>
            <CompaniesField sought={sought} first={nodes.filter((node) => node?.__typename === "Company")} />
            <TextField name="name" label={say("name")} hint={say("nameHint")} required maxLength={NAME_CHARS_MAX} />
            <TermsFields terms={null} />
            <div className="actions">
              <Button kind="primary" type="submit" busy={busy}>
                {say("propose")}
              </Button>
            </div>
          </Form>
        )}
      </Loaded>
    </Page>
  );
}

/** Companies are added one by one, each with a button that takes it off again. */
function CompaniesField({ sought, first }: { sought: string; first: readonly Company[] }) {
  const say = useTexts(texts);
  const nameOf = useNameOf();
  const own = useViewer().organization?.id;
  const [chosen, choose] = useState<readonly Company[]>(() => first.filter((company) => company.id !== own));
  const where = {
    kind: { eq: "COMPANY" as const },
    status: { eq: "ACTIVE" as const },
    name: sought === "" ? null : { contains: sought },
  };
  const [{ data }] = useQuery({ query: PossiblePartners, variables: { where } });
  const others = (data?.consortium.members.nodes ?? []).filter(
    ({ id }) => id !== own && !chosen.some((company) => company.id === id),
  );
  return (
    <div className="stack">
      <SelectField
        name="companyIds"
        label={say("companies")}
        hint={say(own === undefined ? "companiesHintAdmin" : "companiesHint")}
        empty={say("addCompany")}
        value=""
        onChange={(event) => {
          choose([...chosen, ...others.filter((company) => company.id === event.target.value)]);
        }}
        options={others.map((company) => ({ value: company.id, label: nameOf(company) }))}
      />
      <ul className="actions">
        {chosen.map((company) => (
          <li key={company.id}>
            <input type="hidden" name="company" value={company.id} />
            <Button
              aria-label={say("removeCompany", { name: nameOf(company) })}
              onClick={() => {
                choose(chosen.filter((one) => one.id !== company.id));
              }}
            >
              {nameOf(company)} ✕
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
