import type { ReactNode } from "react";
import { useTexts } from "@/lib/i18n";
import { Brand } from "./Brand";
import { LanguageSwitch } from "./LanguageSwitch";

const texts = {
  word: ["不採用で終わらせず、次のご縁へ襷をつなぐ。", "A rejection need not be the end. Hand the sash on."],
} as const;

/** What is seen before signing in: a sheet of paper, with the sash across it. */
export function Gate({ children }: { children: ReactNode }) {
  const say = useTexts(texts);
  return (
    <main className="gate">
      <svg className="gate-cloth" viewBox="0 0 1000 700" preserveAspectRatio="none" aria-hidden="true">
        <defs>
          <pattern id="weave" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(-38)">
            <rect width="7" height="7" className="sash-cloth" />
            <path d="M0 3.5h7" className="sash-thread" />
          </pattern>
        </defs>
        <path d="M-40 668 C 240 668, 400 520, 540 360 S 760 90, 830 -60 L 930 -60 C 850 130, 720 320, 612 440 S 300 772, -40 762 Z" fill="url(#weave)" />
      </svg>
      <div className="gate-word">
        <Brand />
        <p>{say("word")}</p>
      </div>
      <div className="gate-form">
        <div className="gate-sheet">
          {children}
          <div className="gate-foot">
            <LanguageSwitch />
          </div>
        </div>
      </div>
    </main>
  );
}
