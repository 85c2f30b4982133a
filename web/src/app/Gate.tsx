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
        <path d="M-40 640 C 200 640, 330 420, 470 300 S 700 60, 760 -60 L 860 -60 C 780 120, 640 300, 540 380 S 250 760, -40 740 Z" fill="url(#weave)" />
      </svg>
      <div className="gate-word">
        <Brand />
        <p>{say("word")}</p>
        <span>
          <LanguageSwitch />
        </span>
      </div>
      <div className="gate-form">
        <div className="gate-sheet">{children}</div>
      </div>
    </main>
  );
}
