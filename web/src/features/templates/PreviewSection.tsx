import { useDeferredValue, useEffect, useState } from "react";
import { useQuery } from "urql";
import { Button } from "@/components/Button";
import { Section } from "@/components/Page";
import { useTexts } from "@/lib/i18n";
import { HtmlFrame } from "./HtmlFrame";
import { TemplatePreview } from "./documents";
import { texts } from "./texts";

const WAIT_MILLISECONDS = 400;

type Words = { subject: string; body: string; locale: string };

/** The mail as it will arrive, while it is being written. */
export function PreviewSection({ words }: { words: Words }) {
  const say = useTexts(texts);
  const settled = useSettled(words);
  const [asText, setAsText] = useState(false);
  const [{ data }] = useQuery({ query: TemplatePreview, variables: settled });
  const found = useDeferredValue(data?.mailTemplatePreview);
  const choose = (text: boolean, label: string) => (
    <Button
      aria-pressed={asText === text}
      kind={asText === text ? "primary" : "plain"}
      onClick={() => {
        setAsText(text);
      }}
    >
      {label}
    </Button>
  );
  return (
    <Section title={say("preview")} note={say("previewLead")}>
      <div className="actions">
        {choose(false, say("asHtml"))}
        {choose(true, say("asText"))}
      </div>
      {found !== undefined && found.errors.length > 0 && (
        <div className="error-summary" role="status">
          <strong>{say("faults")}</strong>
          <ul>
            {found.errors.map((error) => (
              <li key={error.message}>{error.message}</li>
            ))}
          </ul>
        </div>
      )}
      {found?.preview && (
        <div className="stack" lang={settled.locale}>
          <p>
            <strong>{found.preview.subject}</strong>
          </p>
          {asText ? (
            <pre className="mail-text">{found.preview.text}</pre>
          ) : (
            <HtmlFrame title={say("preview")} html={found.preview.html} />
          )}
        </div>
      )}
    </Section>
  );
}

/** The words once nobody has typed for a moment. */
function useSettled(words: Words): Words {
  const [settled, settle] = useState(words);
  useEffect(() => {
    const timer = setTimeout(() => {
      settle(words);
    }, WAIT_MILLISECONDS);
    return () => {
      clearTimeout(timer);
    };
  }, [words]);
  return settled;
}
