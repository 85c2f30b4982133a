import { useState } from "react";
import { useQuery } from "urql";
import { Button } from "@/components/Button";
import { optionalText, SelectField, TextField, textOf } from "@/components/Form";
import { Loading } from "@/components/Loaded";
import { useTexts } from "@/lib/i18n";
import { useTerm, Vocabularies, type Term } from "@/lib/vocabulary";
import type { Opening } from "./documents";
import { texts } from "./texts";

const SKILLS_MAX = 20;

/** What an opening says. */
export function TermsFields({ opening }: { opening?: Opening }) {
  const say = useTexts(texts);
  const term = useTerm();
  const [{ data }] = useQuery({ query: Vocabularies });
  if (data === undefined) return <Loading />;
  const options = (words: readonly Term[]) => words.map((word) => ({ value: word.code, label: term(word) }));
  return (
    <>
      <TextField
        name="terms.title"
        label={say("name")}
        hint={say("nameHint")}
        defaultValue={opening?.title}
        required
      />
      <div className="pair">
        <SelectField
          name="terms.category"
          label={say("category")}
          defaultValue={opening?.category?.code}
          options={options(data.vocabularies.jobCategories)}
        />
        <SelectField
          name="terms.prefecture"
          label={say("prefecture")}
          empty={say("anywhere")}
          defaultValue={opening?.prefecture?.code ?? ""}
          options={options(data.vocabularies.prefectures)}
        />
      </div>
      <SkillField skills={data.vocabularies.skills} chosenBefore={opening?.skills ?? []} />
      <TextField
        name="terms.experienceYearsMin"
        type="number"
        min={0}
        max={50}
        label={say("experience")}
        hint={say("experienceHint")}
        defaultValue={opening?.experienceYearsMin ?? ""}
      />
      <div className="pair">
        <TextField
          name="terms.headcount"
          type="number"
          min={1}
          label={say("headcount")}
          defaultValue={opening?.headcount ?? 1}
          required
        />
        <TextField
          name="terms.openUntil"
          type="date"
          label={say("until")}
          defaultValue={opening?.openUntil ?? ""}
        />
      </div>
    </>
  );
}

type SkillFieldProps = { skills: readonly Term[]; chosenBefore: readonly Term[] };

/** Skills are added one by one, each with a button that takes it off again. */
function SkillField({ skills, chosenBefore }: SkillFieldProps) {
  const say = useTexts(texts);
  const term = useTerm();
  const [codes, setCodes] = useState(() => chosenBefore.map((skill) => skill.code));
  const chosen = skills.filter((skill) => codes.includes(skill.code));
  const others = skills.filter((skill) => !codes.includes(skill.code));
  return (
    <div className="stack">
      <SelectField
        name="terms.skills"
        label={say("skills")}
        hint={say("skillsHint")}
        empty={say("addSkill")}
        value=""
        disabled={codes.length >= SKILLS_MAX}
        onChange={(event) => {
          if (event.target.value !== "") setCodes([...codes, event.target.value]);
        }}
        options={others.map((skill) => ({ value: skill.code, label: term(skill) }))}
      />
      <ul className="actions">
        {chosen.map((skill) => (
          <li key={skill.code}>
            <input type="hidden" name="skill" value={skill.code} />
            <Button
              aria-label={say("removeSkill", { name: term(skill) })}
              onClick={() => {
                setCodes(codes.filter((code) => code !== skill.code));
              }}
            >
              {term(skill)} ✕
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function termsOf(values: FormData) {
  const years = optionalText(values, "terms.experienceYearsMin");
  return {
    title: textOf(values, "terms.title"),
    category: textOf(values, "terms.category"),
    prefecture: optionalText(values, "terms.prefecture"),
    skills: values.getAll("skill").filter((code) => typeof code === "string"),
    experienceYearsMin: years === null ? null : Number.parseInt(years, 10),
    headcount: Number.parseInt(textOf(values, "terms.headcount"), 10),
    openUntil: optionalText(values, "terms.openUntil"),
  };
}
