import { use } from "react";
import { TextArea, TextField, optionalText, textOf } from "@/components/Form";
import { startOfDay, TimeZoneContext } from "@/lib/format";
import { useTexts } from "@/lib/i18n";
import { texts } from "./texts";

const MINUTE_MILLISECONDS = 60_000;

type Plan = {
  title: string;
  startsAt: string;
  durationMinutes: number;
  place: string | null;
  url: string | null;
  agenda: string | null;
};

/** When and where a meeting is, beginning with the plan there is. */
export function PlanFields({ plan }: { plan: Plan | null }) {
  const say = useTexts(texts);
  const zone = use(TimeZoneContext);
  const [day = "", time = ""] = plan === null ? [] : inZone(plan.startsAt, zone);
  return (
    <>
      <TextField name="plan.title" label={say("name")} defaultValue={plan?.title} required maxLength={80} />
      <div className="pair">
        <TextField name="plan.startsAt" type="date" label={say("day")} defaultValue={day} required />
        <TextField
          name="time"
          type="time"
          label={say("time")}
          hint={say("timeHint", { zone })}
          defaultValue={time}
          required
        />
      </div>
      <TextField
        name="plan.durationMinutes"
        type="number"
        min={5}
        max={1440}
        label={say("duration")}
        defaultValue={plan?.durationMinutes ?? 60}
        required
      />
      <TextField name="plan.place" label={say("place")} defaultValue={plan?.place ?? ""} maxLength={200} />
      <TextField name="plan.url" type="url" label={say("url")} defaultValue={plan?.url ?? ""} maxLength={500} />
      <TextArea
        name="plan.agenda"
        label={say("agenda")}
        hint={say("noNames")}
        defaultValue={plan?.agenda ?? ""}
        maxLength={4000}
      />
    </>
  );
}

export function planOf(values: FormData, zone: string) {
  const [hours = 0, minutes = 0] = textOf(values, "time").split(":").map(Number);
  const midnight = Date.parse(startOfDay(textOf(values, "plan.startsAt"), zone));
  return {
    title: textOf(values, "plan.title"),
    startsAt: new Date(midnight + (hours * 60 + minutes) * MINUTE_MILLISECONDS).toISOString(),
    durationMinutes: Number.parseInt(textOf(values, "plan.durationMinutes"), 10),
    place: optionalText(values, "plan.place"),
    url: optionalText(values, "plan.url"),
    agenda: optionalText(values, "plan.agenda"),
  };
}

/** The day and the time of an instant where the consortium is. */
function inZone(instant: string, timeZone: string): readonly [string, string] {
  const at = new Date(instant);
  const day = new Intl.DateTimeFormat("sv-SE", { timeZone }).format(at);
  const time = new Intl.DateTimeFormat("sv-SE", { timeZone, hour: "2-digit", minute: "2-digit" }).format(at);
  return [day, time];
}
