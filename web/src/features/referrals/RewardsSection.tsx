import { Section } from "@/components/Page";
import { Table } from "@/components/Table";
import { useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { rewardEventNames, useAmount, withheldNames } from "@/lib/rewards";
import type { Referral } from "./documents";
import { texts } from "./texts";

type Reward = Referral["rewards"][number];

/** What the referral earned by the terms it began under. */
export function RewardsSection({ rewards }: { rewards: readonly Reward[] }) {
  const say = useTexts(texts);
  const name = useName();
  const format = useFormat();
  const amount = useAmount();
  return (
    <Section title={say("rewards")} note={say("rewardsNote")}>
      <Table
        caption={say("rewards")}
        rows={rewards}
        rowKey={(reward) => reward.id}
        columns={[
          { key: "event", title: say("rewardFor"), cell: ({ event }) => name(rewardEventNames[event]) },
          { key: "amount", title: say("rewardAmount"), cell: amount },
          { key: "day", title: say("day"), cell: ({ postedOn }) => format.day(postedOn) },
          {
            key: "state",
            title: say("status"),
            cell: ({ withheld, reversedOn }) => {
              if (reversedOn !== null) return say("rewardTakenBack", { day: format.day(reversedOn) });
              return withheld === null ? say("rewardPosted") : name(withheldNames[withheld]);
            },
          },
        ]}
      />
    </Section>
  );
}
