import { useId } from "react";
import { Button } from "./Button";

type SearchProps = { label: string; action: string; value: string; onSearch: (text: string) => void };

export function Search({ label, action, value, onSearch }: SearchProps) {
  const id = useId();
  return (
    <form
      className="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        const typed = new FormData(event.currentTarget).get("text");
        onSearch(typeof typed === "string" ? typed.trim() : "");
      }}
    >
      <div className="field">
        <label htmlFor={id}>{label}</label>
        <input id={id} name="text" type="search" defaultValue={value} key={value} />
      </div>
      <Button type="submit">{action}</Button>
    </form>
  );
}
