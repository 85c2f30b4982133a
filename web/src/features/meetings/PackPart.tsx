import { Section } from "@/components/Page";
import { Status } from "@/components/Status";
import { Table } from "@/components/Table";
import { useFormat } from "@/lib/format";
import { joined, useLanguage, useName, useTexts } from "@/lib/i18n";
import { channelNames, referralStatusNames } from "@/lib/names";
import { useNameOf } from "@/lib/vocabulary";
import type { Pack } from "./documents";
import { texts, verdictNames, verdictTones } from "./texts";

/** The frozen figures: what they say first, then the tables. */
export function PackPart({ id, pack }: { id: string; pack: Pack }) {
  const say = useTexts(texts);
  const format = useFormat();
  const language = useLanguage();
  const file = (form: string) => `/meetings/${id}/pack.${form}?lang=${language}`;
  const note = say("packNote", {
    first: format.day(pack.firstDay),
    last: format.day(pack.lastDay),
    at: format.moment(pack.preparedAt),
  });
  return (
    <>
      <Section
        title={say("pack")}
        note={note}
        actions={
          <>
            <a className="button plain" href={file("html")}>
              {say("html")}
            </a>
            <a className="button plain" href={file("pdf")} download>
              PDF
            </a>
          </>
        }
      >
        <ul className="stack">
          {pack.words.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </Section>
      {pack.exchanges.length > 0 && <Exchanges pack={pack} />}
      {pack.flows.length > 0 && <Flows pack={pack} />}
      {pack.changes.length > 0 && <Changes pack={pack} />}
      {pack.suggestions.length > 0 && <Suggestions pack={pack} />}
    </>
  );
}

type Exchange = Pack["exchanges"][number];

function Exchanges({ pack }: { pack: Pack }) {
  const say = useTexts(texts);
  const nameOf = useNameOf();
  const format = useFormat();
  const counted = (["offered", "asked", "handedOver", "takenUp", "hired"] as const).map((key) => ({
    key,
    title: say(key),
    cell: (one: Exchange) => format.number(one[key]),
    number: true,
  }));
  const rewards = (one: Exchange) => {
    const told = [
      one.bonusCounts ? say("counts", { n: one.bonusCounts }) : "",
      one.freeHires ? say("freeHires", { n: one.freeHires }) : "",
      one.rewardYen ? format.yen(one.rewardYen) : "",
    ];
    return joined(told.filter(Boolean), " / ");
  };
  return (
    <Section title={say("exchanges")}>
      <Table
        caption={say("exchanges")}
        rows={pack.exchanges}
        rowKey={(one) => `${one.giver?.id ?? ""} ${one.receiver?.id ?? ""}`}
        columns={[
          { key: "between", title: say("between"), cell: (one) => `${nameOf(one.giver)} → ${nameOf(one.receiver)}` },
          ...counted,
          { key: "rewards", title: say("rewards"), cell: rewards },
        ]}
      />
    </Section>
  );
}

function Flows({ pack }: { pack: Pack }) {
  const say = useTexts(texts);
  const name = useName();
  const format = useFormat();
  return (
    <Section title={say("flows")}>
      <Table
        caption={say("flows")}
        rows={pack.flows}
        rowKey={(one) => `${one.channel} ${one.event}`}
        columns={[
          { key: "channel", title: say("channel"), cell: (one) => name(channelNames[one.channel]) },
          { key: "event", title: say("event"), cell: (one) => name(referralStatusNames[one.event]) },
          { key: "number", title: say("number"), cell: (one) => format.number(one.referrals), number: true },
        ]}
      />
    </Section>
  );
}

function Changes({ pack }: { pack: Pack }) {
  const say = useTexts(texts);
  const name = useName();
  return (
    <Section title={say("changes")}>
      <ul className="stack">
        {pack.changes.map((one) => (
          <li key={one.figure}>
            <Status tone={verdictTones[one.verdict]}>{name(verdictNames[one.verdict])}</Status> {one.words}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Suggestions({ pack }: { pack: Pack }) {
  const say = useTexts(texts);
  const nameOf = useNameOf();
  return (
    <Section title={say("suggestions")}>
      <Table
        caption={say("suggestions")}
        rows={pack.suggestions}
        rowKey={(one) => `${one.company?.id ?? ""} ${one.partner?.id ?? ""}`}
        columns={[
          { key: "partner", title: say("partner"), cell: (one) => nameOf(one.partner) },
          { key: "company", title: say("company"), cell: (one) => nameOf(one.company) },
          { key: "why", title: say("why"), cell: (one) => one.reasons.join(" / ") },
        ]}
      />
    </Section>
  );
}
