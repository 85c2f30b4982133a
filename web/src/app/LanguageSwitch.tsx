import { Button } from "@/components/Button";
import { useLanguage } from "@/lib/i18n";
import { useChangeLanguage } from "./session";

/** Offers the other language, in that language. */
export function LanguageSwitch() {
  const other = useLanguage() === "ja" ? "en" : "ja";
  const change = useChangeLanguage();
  return (
    <Button
      kind="quiet"
      lang={other}
      onClick={() => {
        change(other);
      }}
    >
      {other === "ja" ? "日本語で表示" : "Show in English"}
    </Button>
  );
}
