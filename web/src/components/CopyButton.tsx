import { useTexts } from "@/lib/i18n";
import { Button } from "./Button";
import { useToast } from "./Toast";

const texts = {
  copied: ["コピーしました", "Copied"],
  failed: ["コピーできませんでした。文字を選んでコピーしてください。", "Copying failed. Select the text and copy it."],
} as const;

type CopyButtonProps = { text: string; label: string; name?: string };

/** `name` tells apart several buttons that show the same label. */
export function CopyButton({ text, label, name }: CopyButtonProps) {
  const say = useTexts(texts);
  const toast = useToast();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      toast(say("copied"));
    } catch {
      toast(say("failed"));
    }
  };
  return (
    <Button kind="quiet" onClick={copy} aria-label={name === undefined ? undefined : `${label}: ${name}`}>
      {label}
    </Button>
  );
}
