import { optionalText, SelectField, TextField, textOf } from "@/components/Form";
import { useName, useTexts } from "@/lib/i18n";
import type { Version } from "./documents";
import { openLinksNames, ruleNames, texts } from "./texts";

type CountRule = keyof typeof ruleNames;
type OpenLinks = keyof typeof openLinksNames;
const COUNT_RULES = Object.keys(ruleNames) as CountRule[];
const OPEN_LINKS = Object.keys(openLinksNames) as OpenLinks[];

type NumberFieldProps = { name: string; label: string; hint?: string; min: number; max: number; value: number };

export function NumberField({ name, label, hint, min, max, value }: NumberFieldProps) {
  return (
    <TextField
      name={name}
      type="number"
      label={label}
      hint={hint}
      min={min}
      max={max}
      defaultValue={value}
      required
    />
  );
}

export type Rules = Pick<Version, "countsPerFreeHire" | "countRule" | "windowDays" | "openLinks">;

/** The rules that decide about counts. */
export function RuleFields({ rules }: { rules: Rules | null }) {
  const say = useTexts(texts);
  const name = useName();
  return (
    <>
      <NumberField
        name="countsPerFreeHire"
        label={say("perFreeHire")}
        min={1}
        max={1000}
        value={rules?.countsPerFreeHire ?? 10}
      />
      <SelectField
        name="countRule"
        label={say("rule")}
        defaultValue={rules?.countRule ?? "EACH_COMPANY"}
        options={COUNT_RULES.map((value) => ({ value, label: name(ruleNames[value]) }))}
      />
      <NumberField
        name="windowDays"
        label={say("window")}
        hint={say("windowHint")}
        min={1}
        max={3650}
        value={rules?.windowDays ?? 365}
      />
      <SelectField
        name="openLinks"
        label={say("openLinks")}
        defaultValue={rules?.openLinks ?? "ALL"}
        options={OPEN_LINKS.map((value) => ({ value, label: name(openLinksNames[value]) }))}
      />
    </>
  );
}

export function numberOf(values: FormData, name: string): number {
  return Number.parseInt(optionalText(values, name) ?? "0", 10);
}

export function rulesOf(values: FormData) {
  return {
    countsPerFreeHire: numberOf(values, "countsPerFreeHire"),
    countRule: COUNT_RULES.find((one) => one === textOf(values, "countRule")) ?? "EACH_COMPANY",
    windowDays: numberOf(values, "windowDays"),
    openLinks: OPEN_LINKS.find((one) => one === textOf(values, "openLinks")) ?? "ALL",
  };
}
