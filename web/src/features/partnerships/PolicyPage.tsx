import { Link, useLocation } from "wouter";
import { useQuery } from "urql";
import { Button } from "@/components/Button";
import { CheckField, CheckGroup, Form, TextField, textOf } from "@/components/Form";
import { Loaded } from "@/components/Loaded";
import { Page } from "@/components/Page";
import { useToast } from "@/components/Toast";
import { useChange } from "@/lib/changes";
import { useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { CANDIDATE_FIELDS, candidateFieldNames, identifies } from "@/lib/names";
import { useTerm, Vocabularies } from "@/lib/vocabulary";
import { PolicyInForce, SetPolicy, type Policy } from "./policy";
import { texts } from "./texts";

export default function PolicyPage() {
  const say = useTexts(texts);
  const [result, again] = useQuery({ query: PolicyInForce, requestPolicy: "cache-and-network" });
  const back = <Link href="/partnerships">{say("back")}</Link>;
  return (
    <Page title={say("policy")} lead={say("policyLead")} back={back}>
      <Loaded result={result} retry={again}>
        {({ consortium }) => (
          <PolicyForm key={consortium.partnershipPolicy.changedAt} policy={consortium.partnershipPolicy} />
        )}
      </Loaded>
    </Page>
  );
}

function PolicyForm({ policy }: { policy: Policy }) {
  const say = useTexts(texts);
  const toast = useToast();
  const format = useFormat();
  const [, go] = useLocation();
  const { run, errors, busy } = useChange(SetPolicy);
  const set = async (values: FormData) => {
    const fields = values.getAll("fields");
    const done = await run({
      input: {
        fields: CANDIDATE_FIELDS.filter((field) => fields.includes(field)),
        categories: values.getAll("categories").filter((code) => typeof code === "string"),
        sharedDaysMax: Number.parseInt(textOf(values, "sharedDaysMax"), 10),
        noticeDaysMin: Number.parseInt(textOf(values, "noticeDaysMin"), 10),
        rewardsAllowed: values.has("rewardsAllowed"),
        companiesMayPropose: values.has("companiesMayPropose"),
      },
    });
    if (done === null) return;
    toast(say("policySet"));
    go("/partnerships");
  };
  return (
    <Form onSubmit={set} errors={errors}>
      <p className="note">
        {policy.changedAt === null ? say("policyNever") : say("policySince", { at: format.moment(policy.changedAt) })}
      </p>
      <AllowedFields policy={policy} />
      <div className="pair">
        <TextField
          name="sharedDaysMax"
          type="number"
          min={1}
          max={365}
          label={say("sharedDaysMax")}
          defaultValue={policy.sharedDaysMax}
          required
        />
        <TextField
          name="noticeDaysMin"
          type="number"
          min={0}
          max={180}
          label={say("noticeDaysMin")}
          defaultValue={policy.noticeDaysMin}
          required
        />
      </div>
      <CheckField name="rewardsAllowed" label={say("rewardsAllowed")} defaultChecked={policy.rewardsAllowed} />
      <CheckField
        name="companiesMayPropose"
        label={say("companiesMayPropose")}
        hint={say("companiesMayProposeHint")}
        defaultChecked={policy.companiesMayPropose}
      />
      <div className="actions">
        <Button kind="primary" type="submit" busy={busy}>
          {say("policySave")}
        </Button>
      </div>
    </Form>
  );
}

function AllowedFields({ policy }: { policy: Policy }) {
  const say = useTexts(texts);
  const name = useName();
  const term = useTerm();
  const [{ data }] = useQuery({ query: Vocabularies });
  const options = (fields: typeof CANDIDATE_FIELDS) =>
    fields.map((value) => ({ value, label: name(candidateFieldNames[value]) }));
  return (
    <>
      <CheckGroup
        name="fields"
        label={say("policyFields")}
        chosen={policy.fields}
        groups={[
          { label: say("open"), options: options(CANDIDATE_FIELDS.filter((field) => !identifies(field))) },
          { label: say("identifying"), options: options(CANDIDATE_FIELDS.filter(identifies)) },
        ]}
      />
      {data !== undefined && (
        <CheckGroup
          name="categories"
          label={say("policyCategories")}
          hint={say("policyCategoriesHint")}
          chosen={policy.categories.map((category) => category.code)}
          groups={[
            {
              options: data.vocabularies.jobCategories.map((one) => ({ value: one.code, label: term(one) })),
            },
          ]}
        />
      )}
    </>
  );
}
