import { useState } from "react";
import { useQuery } from "urql";
import { Button } from "@/components/Button";
import { SelectField, TextField, textOf } from "@/components/Form";
import { Loading } from "@/components/Loaded";
import { Agencies } from "@/lib/agencies";
import { useName, useTexts } from "@/lib/i18n";
import { rewardEventNames, rewardUnitNames, type RewardEvent, type Unit } from "@/lib/rewards";
import { useNameOf } from "@/lib/vocabulary";
import type { Terms } from "./documents";
import { texts } from "./texts";

type Clause = Terms["rewards"][number];
type Row = { key: number; clause: Clause | null };

const CLAUSES_MAX = 10;
const AMOUNT_MAX = 10_000_000;
const EVENTS = Object.keys(rewardEventNames) as RewardEvent[];
const UNITS = Object.keys(rewardUnitNames) as Unit[];

/** What terms promise: a row for each reward, added and taken off one by one. */
export function RewardFields({ rewards }: { rewards: readonly Clause[] }) {
  const say = useTexts(texts);
  const [rows, change] = useState<readonly Row[]>(() => rewards.map((clause, key) => ({ key, clause })));
  const [{ data }] = useQuery({ query: Agencies });
  if (data === undefined) return <Loading />;
  const add = () => {
    change([...rows, { key: Math.max(-1, ...rows.map((row) => row.key)) + 1, clause: null }]);
  };
  return (
    <fieldset className="checks" id="rewards">
      <legend>{say("rewards")}</legend>
      <p className="hint">{say("rewardsHint")}</p>
      {rows.map(({ key, clause }, index) => (
        <RewardRow
          key={key}
          name={rowName(key)}
          number={index + 1}
          clause={clause}
          agencies={data.consortium.members.nodes}
          onRemove={() => {
            change(rows.filter((row) => row.key !== key));
          }}
        />
      ))}
      {rows.length < CLAUSES_MAX && (
        <div className="actions">
          <Button onClick={add}>{say("addReward")}</Button>
        </div>
      )}
    </fieldset>
  );
}

type Agency = { id: string; name: string; nameEn: string | null };
type RewardRowProps = {
  name: string;
  number: number;
  clause: Clause | null;
  agencies: readonly Agency[];
  onRemove: () => void;
};

function RewardRow({ name, number, clause, agencies, onRemove }: RewardRowProps) {
  const say = useTexts(texts);
  const named = useName();
  const nameOf = useNameOf();
  return (
    <fieldset className="checks">
      <legend className="soft">{say("rewardNumber", { n: number })}</legend>
      <div className="pair">
        <SelectField
          name={`${name}-event`}
          label={say("rewardEvent")}
          defaultValue={clause?.event ?? "HIRE"}
          options={EVENTS.map((value) => ({ value, label: named(rewardEventNames[value]) }))}
        />
        <SelectField
          name={`${name}-unit`}
          label={say("rewardUnit")}
          defaultValue={clause?.unit ?? "COUNT"}
          options={UNITS.map((value) => ({ value, label: named(rewardUnitNames[value]) }))}
        />
      </div>
      <div className="pair">
        <TextField
          name={`${name}-amount`}
          type="number"
          min={1}
          max={AMOUNT_MAX}
          label={say("rewardAmount")}
          hint={say("rewardAmountHint")}
          defaultValue={clause?.amount ?? 1}
          required
        />
        <SelectField
          name={`${name}-agency`}
          label={say("rewardAgency")}
          hint={say("rewardAgencyHint")}
          defaultValue={clause?.agency?.id}
          required
          options={agencies.map((agency) => ({ value: agency.id, label: nameOf(agency) }))}
        />
      </div>
      <div className="actions">
        <Button onClick={onRemove}>{say("removeReward", { n: number })}</Button>
      </div>
    </fieldset>
  );
}

const rowName = (key: number) => `reward-${key}`;
const EVENT_OF_ROW = /^(?<row>reward-\d+)-event$/;

/** The rewards of a form, in the order of its rows. */
export function rewardsOf(values: FormData) {
  return [...values.keys()].flatMap((name) => {
    const row = EVENT_OF_ROW.exec(name)?.groups?.["row"];
    const event = EVENTS.find((one) => one === values.get(name));
    const unit = UNITS.find((one) => one === values.get(`${row}-unit`));
    if (row === undefined || event === undefined || unit === undefined) return [];
    const amount = Number.parseInt(textOf(values, `${row}-amount`), 10);
    return [{ event, unit, amount, agencyId: textOf(values, `${row}-agency`) }];
  });
}
