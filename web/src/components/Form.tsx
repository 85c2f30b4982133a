// Forms: uncontrolled fields, and errors shown in a summary and at the fields their paths name.
import {
  createContext,
  use,
  useEffect,
  useId,
  useRef,
  type ComponentProps,
  type ReactNode,
} from "react";
import type { UserError } from "@/lib/changes";
import { useTexts } from "@/lib/i18n";

const texts = {
  refused: ["次の点をご確認ください", "Please check the following"],
  required: ["必須", "required"],
} as const;

type FormState = { id: string; errors: readonly UserError[] };
const FormContext = createContext<FormState>({ id: "", errors: [] });

type FormProps = {
  onSubmit: (values: FormData) => void;
  errors: readonly UserError[];
  children: ReactNode;
  className?: string;
};

export function Form({ onSubmit, errors, children, className }: FormProps) {
  const id = useId();
  return (
    <FormContext value={{ id, errors }}>
      <form
        className={className ?? "form"}
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit(new FormData(event.currentTarget));
        }}
      >
        <ErrorSummary errors={errors} />
        {children}
      </form>
    </FormContext>
  );
}

/** What was refused, read out at once; each entry leads to its field. */
export function ErrorSummary({ errors }: { errors: readonly UserError[] }) {
  const say = useTexts(texts);
  const { id } = use(FormContext);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (errors.length > 0) box.current?.focus();
  }, [errors]);
  if (errors.length === 0) return null;
  return (
    <div className="error-summary" role="alert" tabIndex={-1} ref={box}>
      <strong>{say("refused")}</strong>
      <ul>
        {errors.map((error) => (
          <li key={error.code + error.path.join(".") + error.message}>
            {error.path.length > 0 && id !== "" ? (
              <a
                href={`#${fieldId(id, error.path.join("."))}`}
                onClick={(event) => {
                  event.preventDefault();
                  document.getElementById(fieldId(id, error.path.join(".")))?.focus();
                }}
              >
                {error.message}
              </a>
            ) : (
              error.message
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

function fieldId(form: string, path: string): string {
  return `${form}${camel(path)}`;
}

/** The id of a field's control and what describes it. */
function useField(name: string, hasHint: boolean) {
  const { id: form, errors } = use(FormContext);
  const id = fieldId(form, name);
  const mine = errors.filter((error) => {
    const path = camel(error.path.join("."));
    return path === name || path.startsWith(`${name}.`);
  });
  const described = [hasHint ? `${id}-hint` : "", mine.length > 0 ? `${id}-error` : ""];
  return {
    id,
    mine,
    control: {
      id,
      name,
      "aria-invalid": mine.length > 0,
      "aria-describedby": described.filter(Boolean).join(" ") || undefined,
    },
  };
}

type Labelled = { name: string; label: string; hint?: ReactNode };

type FrameProps = Labelled & { required?: boolean; children: ReactNode };

function Frame({ name, label, hint, required = false, children }: FrameProps) {
  const say = useTexts(texts);
  const { id, mine } = useField(name, hint !== undefined);
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {required && <span className="required">{say("required")}</span>}
      </label>
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children}
      {mine.length > 0 && (
        <p className="field-error" id={`${id}-error`}>
          {mine.map((error) => error.message).join(" ")}
        </p>
      )}
    </div>
  );
}

type TextFieldProps = Labelled & Omit<ComponentProps<"input">, "name" | "id">;

export function TextField({ name, label, hint, required, ...rest }: TextFieldProps) {
  const { control } = useField(name, hint !== undefined);
  return (
    <Frame name={name} label={label} hint={hint} required={required ?? false}>
      <input type="text" {...rest} {...control} required={required} />
    </Frame>
  );
}

type TextAreaProps = Labelled & Omit<ComponentProps<"textarea">, "name" | "id">;

export function TextArea({ name, label, hint, required, ...rest }: TextAreaProps) {
  const { control } = useField(name, hint !== undefined);
  return (
    <Frame name={name} label={label} hint={hint} required={required ?? false}>
      <textarea rows={6} {...rest} {...control} required={required} />
    </Frame>
  );
}

export type Option = { value: string; label: string };

type SelectFieldProps = Labelled &
  Omit<ComponentProps<"select">, "name" | "id"> & { options: readonly Option[]; empty?: string };

export function SelectField({ name, label, hint, required, options, empty, ...rest }: SelectFieldProps) {
  const { control } = useField(name, hint !== undefined);
  return (
    <Frame name={name} label={label} hint={hint} required={required ?? false}>
      <select {...rest} {...control} required={required}>
        {empty !== undefined && <option value="">{empty}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Frame>
  );
}

type CheckFieldProps = Labelled & Omit<ComponentProps<"input">, "name" | "id" | "type">;

export function CheckField({ name, label, hint, ...rest }: CheckFieldProps) {
  const { control, id } = useField(name, hint !== undefined);
  return (
    <div className="field check">
      <input type="checkbox" {...rest} {...control} />
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

export type OptionGroup = { label?: string; options: readonly Option[] };

type CheckGroupProps = Labelled & { groups: readonly OptionGroup[]; chosen: readonly string[] };

/** Several of a list: each option is a box that can be ticked, all under one name. */
export function CheckGroup({ name, label, hint, groups, chosen }: CheckGroupProps) {
  const { id, mine, control } = useField(name, hint !== undefined);
  return (
    <fieldset className="checks" id={id} tabIndex={-1} aria-describedby={control["aria-describedby"]}>
      <legend>{label}</legend>
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {groups.map((group, index) => (
        <CheckOptions key={group.label ?? index} name={name} group={group} chosen={chosen} />
      ))}
      {mine.length > 0 && (
        <p className="field-error" id={`${id}-error`}>
          {mine.map((error) => error.message).join(" ")}
        </p>
      )}
    </fieldset>
  );
}

type CheckOptionsProps = { name: string; group: OptionGroup; chosen: readonly string[] };

function CheckOptions({ name, group, chosen }: CheckOptionsProps) {
  const boxes = group.options.map(({ value, label }) => (
    <label key={value}>
      <input type="checkbox" name={name} value={value} defaultChecked={chosen.includes(value)} />
      {label}
    </label>
  ));
  if (group.label === undefined) return <div className="boxes">{boxes}</div>;
  return (
    <fieldset className="checks">
      <legend className="soft">{group.label}</legend>
      <div className="boxes">{boxes}</div>
    </fieldset>
  );
}

/** What was typed into a field, to the letter, as a password needs it. */
export function exactTextOf(values: FormData, name: string): string {
  const value = values.get(name);
  return typeof value === "string" ? value : "";
}

/** What was typed into a field, without the spaces around it. */
export function textOf(values: FormData, name: string): string {
  return exactTextOf(values, name).trim();
}

/** The same, or null where nothing was typed. */
export function optionalText(values: FormData, name: string): string | null {
  return textOf(values, name) || null;
}

export function fileOf(values: FormData, name: string): File | null {
  const value = values.get(name);
  return value instanceof File && value.size > 0 ? value : null;
}
