import { Button } from "@/components/Button";
import { Table, type Column } from "@/components/Table";
import { useFormat } from "@/lib/format";
import { joined, useTexts } from "@/lib/i18n";
import { useViewer } from "@/lib/viewer";
import { useNameOf, useTerm, type Term } from "@/lib/vocabulary";
import type { PoolListing } from "./documents";
import { texts } from "./texts";

type PoolTableProps = { listings: readonly PoolListing[]; onAsk: (candidateId: string) => void };

export function PoolTable({ listings, onAsk }: PoolTableProps) {
  const say = useTexts(texts);
  const term = useTerm();
  const nameOf = useNameOf();
  const format = useFormat();
  const mayAsk = useViewer().may("SHARE_CANDIDATES");
  const what = ({ candidate }: PoolListing) => (candidate?.category ? term(candidate.category) : say("hidden"));
  const terms = (words: readonly Term[] | null | undefined) => joined(words?.map(term), " / ");
  const columns: Column<PoolListing>[] = [
    { key: "category", title: say("category"), cell: what },
    { key: "experience", title: say("experience"), cell: ({ candidate }) => yearsOf(candidate?.experienceYears) },
    { key: "skills", title: say("skills"), cell: ({ candidate }) => terms(candidate?.skills) },
    { key: "prefecture", title: say("prefecture"), cell: ({ candidate }) => term(candidate?.prefecture ?? null) },
    { key: "desired", title: say("desired"), cell: ({ candidate }) => terms(candidate?.desiredPrefectures) },
    { key: "partner", title: say("partner"), cell: ({ partner }) => nameOf(partner) },
    { key: "listedOn", title: say("listedOn"), cell: ({ listedOn }) => format.day(listedOn) },
  ];
  if (mayAsk) columns.push({ key: "doing", title: say("doing"), cell: askButton });
  return <Table caption={say("title")} rows={listings} rowKey={(listing) => listing.id} columns={columns} />;

  function yearsOf(n: number | null | undefined): string {
    return n == null ? "–" : say("years", { n });
  }

  function askButton(listing: PoolListing) {
    const { candidate, partner, listedOn } = listing;
    if (candidate === null) return null;
    return (
      <Button
        aria-label={say("askFor", { what: what(listing), partner: nameOf(partner), day: format.day(listedOn) })}
        onClick={() => {
          onAsk(candidate.id);
        }}
      >
        {say("ask")}
      </Button>
    );
  }
}
