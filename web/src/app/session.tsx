// The signed-in person for the whole application: asked once, and again after signing in.
import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from "react";
import { useClient, useQuery } from "urql";
import { useLocation } from "wouter";
import { Loaded } from "@/components/Loaded";
import { TimeZoneContext } from "@/lib/format";
import { LanguageContext, languageOfBrowser, rememberLanguage, type Language } from "@/lib/i18n";
import { ViewerContext, type Viewer } from "@/lib/viewer";
import { ChangeLocale, SignOut, ViewerQuery, type ViewerData } from "./documents";

type Chosen = { language: Language; choose: (language: Language) => void };
const ChosenLanguage = createContext<Chosen>({ language: "ja", choose: () => undefined });

/** The language of what is on the screen, remembered by the browser until someone signs in. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(languageOfBrowser);
  const choose = useCallback((chosen: Language) => {
    rememberLanguage(chosen);
    setLanguage(chosen);
  }, []);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const value = useMemo(() => ({ language, choose }), [language, choose]);
  return (
    <ChosenLanguage value={value}>
      <LanguageContext value={language}>{children}</LanguageContext>
    </ChosenLanguage>
  );
}

/** Asks who has signed in, and takes over the language they chose. */
export function ViewerProvider({ children }: { children: ReactNode }) {
  const { choose } = use(ChosenLanguage);
  const [result, again] = useQuery({ query: ViewerQuery });
  const locale = result.data?.viewer?.locale;
  useEffect(() => {
    if (locale === "ja" || locale === "en") choose(locale);
  }, [locale, choose]);
  return (
    <Loaded result={result} retry={again}>
      {({ viewer: found }) => {
        const viewer = found && viewerOf(found);
        return (
          <ViewerContext value={viewer}>
            <TimeZoneContext value={viewer?.consortium.timeZone ?? "Asia/Tokyo"}>{children}</TimeZoneContext>
          </ViewerContext>
        );
      }}
    </Loaded>
  );
}

function viewerOf({ user, organization, consortium, role, permissions: given }: ViewerData): Viewer {
  const permissions = new Set(given);
  return {
    name: user?.name ?? "",
    email: user?.email ?? "",
    role,
    consortium,
    organization: organization && { ...organization, isCompany: organization.__typename === "Company" },
    may: (permission) => permissions.has(permission),
  };
}

/** Changes the language here, and for the person wherever they sign in. */
export function useChangeLanguage(): (language: Language) => void {
  const client = useClient();
  const viewer = use(ViewerContext);
  const { choose } = use(ChosenLanguage);
  return (language) => {
    choose(language);
    if (viewer) void client.mutation(ChangeLocale, { input: { locale: language } }).toPromise();
  };
}

/** Ends the session. What was loaded goes with the page. */
export function useSignOut(): () => Promise<void> {
  const client = useClient();
  const [, go] = useLocation();
  return async () => {
    await client.mutation(SignOut, {}).toPromise();
    go("/sign-in");
    window.location.reload();
  };
}
