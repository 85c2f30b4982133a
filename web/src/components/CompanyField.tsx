import type { ComponentProps } from "react";
import { useQuery } from "urql";
import { Companies } from "@/lib/companies";
import { containing } from "@/lib/filters";
import { useTexts } from "@/lib/i18n";
import { useNameOf } from "@/lib/vocabulary";
import { SelectField } from "./Form";
import { Loaded } from "./Loaded";

const texts = {
  company: ["企業", "Company"],
  choose: ["企業を選ぶ", "Choose a company"],
} as const;

type CompanyFieldProps = Pick<ComponentProps<"select">, "value" | "onChange"> & { sought: string };

/** Chooses one of the companies whose names contain what is sought; nothing sought is all of them. */
export function CompanyField({ sought, ...rest }: CompanyFieldProps) {
  const say = useTexts(texts);
  const nameOf = useNameOf();
  const [result, again] = useQuery({ query: Companies, variables: { name: containing(sought) } });
  return (
    <Loaded result={result} retry={again}>
      {({ consortium: { members } }) => (
        <SelectField
          {...rest}
          name="companyId"
          label={say("company")}
          empty={say("choose")}
          required
          options={members.nodes.map((company) => ({ value: company.id, label: nameOf(company) }))}
        />
      )}
    </Loaded>
  );
}
