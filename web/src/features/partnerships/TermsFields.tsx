import { useQuery } from "urql";
import { CheckGroup, TextField, textOf } from "@/components/Form";
import { Loading } from "@/components/Loaded";
import { CANDIDATE_FIELDS, candidateFieldNames, identifies } from "@/lib/names";
import { useName, useTexts } from "@/lib/i18n";
import { useTerm, Vocabularies } from "@/lib/vocabulary";
import type { Terms } from "./documents";
import { RewardFields, rewardsOf } from "./RewardFields";
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
  if (data === undefined) return <Loading />;
  const options = (fields: typeof CANDIDATE_FIELDS) =>
    fields.map((value) => ({ value, label: name(candidateFieldNames[value]) }));
  return (
    <>
      <CheckGroup
        name="fields"
        label={say("fields")}
        hint={say("fieldsHint")}
        chosen={terms?.fields ?? FIELDS_FIRST}
        groups={[
          { label: say("open"), options: options(CANDIDATE_FIELDS.filter((field) => !identifies(field))) },
          { label: say("identifying"), options: options(CANDIDATE_FIELDS.filter(identifies)) },
        ]}
      />
      <CheckGroup
        name="categories"
        label={say("categories")}
        hint={say("categoriesHint")}
        chosen={terms?.categories.map((category) => category.code) ?? []}
        groups={[
          {
            options: data.vocabularies.jobCategories.map((category) => ({
              value: category.code,
              label: term(category),
            })),
          },
        ]}
      />
      <div className="pair">
        <TextField
          name="sharedDays"
          type="number"
          min={1}
          max={365}
          label={say("sharedDays")}
          hint={say("sharedDaysHint")}
          defaultValue={terms?.sharedDays ?? SHARED_DAYS_FIRST}
          required
        />
        <TextField
          name="noticeDays"
          type="number"
          min={0}
          max={180}
          label={say("noticeDays")}
          hint={say("noticeDaysHint")}
          defaultValue={terms?.noticeDays ?? NOTICE_DAYS_FIRST}
          required
        />
      </div>
      <RewardFields rewards={terms?.rewards ?? []} />
    </>
  );
}

export function termsOf(values: FormData) {
  const fields = values.getAll("fields");
  return {
    fields: CANDIDATE_FIELDS.filter((field) => fields.includes(field)),
    categories: values.getAll("categories").filter((code) => typeof code === "string"),
    sharedDays: Number.parseInt(textOf(values, "sharedDays"), 10),
    noticeDays: Number.parseInt(textOf(values, "noticeDays"), 10),
    rewards: rewardsOf(values),
  };
}
