import { useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { rewardEventNames, useAmount } from "@/lib/rewards";
import { useNameOf } from "@/lib/vocabulary";
import type { Terms } from "./documents";
import { texts } from "./texts";

/** What terms promise, and how the agencies stand to it. */
export function RewardsList({ terms }: { terms: Terms }) {
  const say = useTexts(texts);
  const name = useName();
  const nameOf = useNameOf();
  const amount = useAmount();
  if (terms.rewards.length === 0) return <>{say("noRewards")}</>;
  return (
    <ul className="plain">
      {terms.rewards.map((clause) => (
        <li key={`${clause.event} ${clause.unit} ${clause.agency?.id ?? ""}`}>
          {name(rewardEventNames[clause.event])}: {amount(clause)}{" "}
          <span className="soft">
            {say(clause.unit === "REWARD" ? "rewardToAgency" : "rewardByAgency", { agency: nameOf(clause.agency) })}
          </span>
        </li>
      ))}
      {terms.fundings.map((funding) => (
        <li key={funding.id} className="soft">
          <Answer funding={funding} />
        </li>
      ))}
    </ul>
  );
}

function Answer({ funding: { agency, acceptedAt, stoppedAt } }: { funding: Terms["fundings"][number] }) {
  const say = useTexts(texts);
  const nameOf = useNameOf();
  const format = useFormat();
  const who = nameOf(agency);
  if (stoppedAt !== null) return <>{say("fundingStopped", { agency: who, day: format.day(stoppedAt) })}</>;
  if (acceptedAt !== null) return <>{say("fundingAccepted", { agency: who, day: format.day(acceptedAt) })}</>;
  return <>{say("fundingAsked", { agency: who })}</>;
}
