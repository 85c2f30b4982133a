// Every text in Japanese and English, with the names of its blanks checked where it is used.
import { createContext, use, useCallback, useMemo } from "react";

export type Language = "ja" | "en";

/** A text as [Japanese, English]. `{name}` is filled in; `{n#day|days}` says a number in English. */
export type Text = readonly [ja: string, en: string];
export type Texts = Readonly<Record<string, Text>>;

type Blanks<S extends string> = S extends `${string}{${infer Blank}}${infer Rest}`
  ? (Blank extends `${infer Name}#${string}` ? Name : Blank) | Blanks<Rest>
  : never;

type Values<S extends string> = Record<Blanks<S>, string | number>;

export type Say<M extends Texts> = <K extends keyof M>(
  key: K,
  ...values: [Blanks<M[K][0]>] extends [never] ? [] : [Values<M[K][0]>]
) => string;

export const LanguageContext = createContext<Language>("ja");

export function useLanguage(): Language {
  return use(LanguageContext);
}

/** The texts of one feature, as a function that says them in the reader's language. */
export function useTexts<const M extends Texts>(texts: M): Say<M> {
  const language = useLanguage();
  return useMemo(() => sayIn(texts, language), [texts, language]);
}

/** Says one text that stands in a table of names, such as those of an enum's values. */
export function useName(): (text: Text) => string {
  const language = useLanguage();
  return useCallback((text: Text) => inLanguage(text, language), [language]);
}

export function sayIn<const M extends Texts>(texts: M, language: Language): Say<M> {
  return (key, ...values) => fill(inLanguage(texts[key] ?? ["", ""], language), values[0] ?? {});
}

/** The parts as one text, or a dash where there is none. */
export function joined(parts: readonly string[] | null | undefined, between: string): string {
  return parts == null || parts.length === 0 ? "–" : parts.join(between);
}

export function inLanguage(text: Text, language: Language): string {
  return language === "ja" ? text[0] : text[1];
}

const BLANK = /\{(?<name>\w+)(?:#(?<one>[^|}]*)\|(?<many>[^}]*))?\}/g;

export function blanksOf(text: string): string[] {
  return [...text.matchAll(BLANK)].map((found) => found.groups?.["name"] ?? "").sort();
}

function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(BLANK, (_, name: string, one?: string, many?: string) => {
    const value = values[name] ?? "";
    const shown = typeof value === "number" ? value.toLocaleString("en") : value;
    if (one === undefined) return shown;
    return `${shown} ${value === 1 ? one : (many ?? one)}`;
  });
}

const STORED = "tasuki.language";

/** The language before anyone has signed in: the one last chosen here, else the browser's. */
export function languageOfBrowser(): Language {
  const stored = localStorage.getItem(STORED);
  if (stored === "ja" || stored === "en") return stored;
  return navigator.language.startsWith("ja") ? "ja" : "en";
}

export function rememberLanguage(language: Language): void {
  localStorage.setItem(STORED, language);
}
