import { Link } from "wouter";
import { Sash } from "@/components/Sash";
import { useFormat } from "@/lib/format";
import { useTexts } from "@/lib/i18n";
import type { Company } from "./documents";
import { texts } from "./texts";

/** The count, and how far it is to the next free hire. */
export function CountHero({ company: { account } }: { company: Company }) {
  const say = useTexts(texts);
  const format = useFormat();
  if (account === null) return null;
  const { counts, countsPerFreeHire, missing, debt } = account;
  return (
    <section className="hero" aria-label={say("count")}>
      <div>
        <h2 className="hero-title">{say("count")}</h2>
        <p className="hero-number">
          {format.number(counts)}
          <small>{say("of", { n: countsPerFreeHire })}</small>
        </p>
        <p className="hero-next">{say("missing", { n: missing })}</p>
        {debt > 0 && <p className="note">{say("debt", { n: debt })}</p>}
        <p>
          <Link href="/ledger">{say("ledger")}</Link>
        </p>
      </div>
      <Sash
        label={say("sash", { done: counts, of: countsPerFreeHire })}
        done={counts}
        of={countsPerFreeHire}
      />
    </section>
  );
}
