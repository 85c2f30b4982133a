// Dates in the consortium's time zone, and numbers, as the reader's language writes them.
import { createContext, use, useMemo } from "react";
import { useLanguage, type Language } from "./i18n";

export const TimeZoneContext = createContext("Asia/Tokyo");

export type Format = {
  /** A day, from an instant or from a date without a time. */
  day: (value: string | null | undefined) => string;
  moment: (value: string | null | undefined) => string;
  number: (value: number | null | undefined) => string;
  yen: (value: number | null | undefined) => string;
};

const NOTHING = "–";
const DAY_MILLISECONDS = 86_400_000;
const DATE_ONLY = /^\d{4}-\d{2}-\d{2}$/;

export function formatIn(language: Language, timeZone: string): Format {
  const locale = language === "ja" ? "ja-JP" : "en-GB";
  const dayStyle = { year: "numeric", month: language === "ja" ? "numeric" : "short", day: "numeric" } as const;
  const inZone = new Intl.DateTimeFormat(locale, { ...dayStyle, timeZone });
  const asWritten = new Intl.DateTimeFormat(locale, { ...dayStyle, timeZone: "UTC" });
  const withTime = new Intl.DateTimeFormat(locale, {
    ...dayStyle,
    hour: "2-digit",
    minute: "2-digit",
    timeZone,
  });
  const plain = new Intl.NumberFormat(locale);
  const yen = new Intl.NumberFormat(locale, { style: "currency", currency: "JPY" });
  return {
    day: (value) => {
      if (value == null) return NOTHING;
      return (DATE_ONLY.test(value) ? asWritten : inZone).format(new Date(value));
    },
    moment: (value) => (value == null ? NOTHING : withTime.format(new Date(value))),
    number: (value) => (value == null ? NOTHING : plain.format(value)),
    yen: (value) => (value == null ? NOTHING : yen.format(value)),
  };
}

export function useFormat(): Format {
  const language = useLanguage();
  const timeZone = use(TimeZoneContext);
  return useMemo(() => formatIn(language, timeZone), [language, timeZone]);
}

/** Today's day in a time zone, as `YYYY-MM-DD`. */
export function today(timeZone: string): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone }).format(new Date());
}

/** The day so many days before another, both as `YYYY-MM-DD`. */
export function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * DAY_MILLISECONDS).toISOString().slice(0, 10);
}

/** The instant at which a day `YYYY-MM-DD` of the consortium's calendar begins. */
export function startOfDay(day: string, timeZone: string): string {
  return new Date(midnight(Date.parse(`${day}T00:00:00Z`), timeZone)).toISOString();
}

/** The last second of such a day, for "until" dates. */
export function endOfDay(day: string, timeZone: string): string {
  const next = Date.parse(`${day}T00:00:00Z`) + DAY_MILLISECONDS;
  return new Date(midnight(next, timeZone) - 1000).toISOString();
}

function midnight(asUtc: number, timeZone: string): number {
  return asUtc - offsetMinutes(new Date(asUtc), timeZone) * 60_000;
}

function offsetMinutes(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((found) => found.type === type)?.value ?? 0);
  const local = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"));
  return Math.round((local - at.getTime()) / 60_000);
}
