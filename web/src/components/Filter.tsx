import { useId } from "react";
import type { Option } from "./Form";

type FilterProps = {
  label: string;
  empty: string;
  value: string;
  options: readonly Option[];
  onChange: (value: string) => void;
};

/** Chooses what a list shows; takes effect at once. */
export function Filter({ label, empty, value, options, onChange }: FilterProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      >
        <option value="">{empty}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
