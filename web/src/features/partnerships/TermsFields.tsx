import { useQuery } from "urql";
import { CheckGroup, TextField, textOf } from "@/components/Form";
import { Loading } from "@/components/Loaded";
import { CANDIDATE_FIELDS, candidateFieldNames, identifies } from "@/lib/names";
import { useName, useTexts } from "@/lib/i18n";
import { useTerm, Vocabularies } from "@/lib/vocabulary";
import type { Terms } from "./documents";
import { RewardFields, rewardsOf } from "./RewardFields";
import { PolicyInForce } from "./policy";
import { texts } from "./texts";

/** What is proposed where nothing was in force: what identifies nobody, and how to get in touch. */
const FIELDS_FIRST = CANDIDATE_FIELDS.filter(
  (field) => !identifies(field) || field === "NAME" || field === "EMAIL",
);
const SHARED_DAYS_FIRST = 90;
const NOTICE_DAYS_FIRST = 30;

/** What terms say, beginning with those in force. */
export function TermsFields({ terms }: { terms: Terms | null }) {
  const say = useTexts(texts);
  const name = useName();
  const term = useTerm();
  const [{ data }] = useQuery({ query: Vocabularies });
  const [allowed] = useQuery({ query: PolicyInForce });
  if (data === undefined || allowed.data === undefined) return <Loading />;
  const policy = allowed.data.consortium.partnershipPolicy;
  const codes = new Set(policy.categories.map((category) => category.code));
  const isAllowed = (code: string) => codes.size === 0 || codes.has(code);
  const options = (fields: typeof CANDIDATE_FIELDS) =>
    fields
      .filter((field) => policy.fields.includes(field))
      .map((value) => ({ value, label: name(candidateFieldNames[value]) }));
  return (
    <>
      <CheckGroup
        name="terms.fields"
        label={say("fields")}
        hint={say("fieldsHint")}
        chosen={terms?.fields ?? FIELDS_FIRST}
        groups={[
          { label: say("open"), options: options(CANDIDATE_FIELDS.filter((field) => !identifies(field))) },
          { label: say("identifying"), options: options(CANDIDATE_FIELDS.filter(identifies)) },
        ]}
      />
      <CheckGroup
        name="terms.categories"
        label={say("categories")}
        hint={say(codes.size === 0 ? "categoriesHint" : "categoriesAllowedHint")}
        chosen={terms?.categories.map((category) => category.code) ?? []}
        groups={[
          {
            options: data.vocabularies.jobCategories
              .filter((category) => isAllowed(category.code))
              .map((category) => ({ value: category.code, label: term(category) })),
          },
        ]}
      />
      <div className="pair">
        <TextField
          name="terms.sharedDays"
          type="number"
          min={1}
          max={policy.sharedDaysMax}
          label={say("sharedDays")}
          hint={say("sharedDaysHint", { n: policy.sharedDaysMax })}
          defaultValue={Math.min(terms?.sharedDays ?? SHARED_DAYS_FIRST, policy.sharedDaysMax)}
          required
        />
        <TextField
          name="terms.noticeDays"
          type="number"
          min={policy.noticeDaysMin}
          max={180}
          label={say("noticeDays")}
          hint={say("noticeDaysHint", { n: policy.noticeDaysMin })}
          defaultValue={Math.max(terms?.noticeDays ?? NOTICE_DAYS_FIRST, policy.noticeDaysMin)}
          required
        />
      </div>
      <RewardFields rewards={terms?.rewards ?? []} />
    </>
  );
}

export function termsOf(values: FormData) {
  const fields = values.getAll("terms.fields");
  return {
    fields: CANDIDATE_FIELDS.filter((field) => fields.includes(field)),
    categories: values.getAll("terms.categories").filter((code) => typeof code === "string"),
    sharedDays: Number.parseInt(textOf(values, "terms.sharedDays"), 10),
    noticeDays: Number.parseInt(textOf(values, "terms.noticeDays"), 10),
    rewards: rewardsOf(values),
  };
}
