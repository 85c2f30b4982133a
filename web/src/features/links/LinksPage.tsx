import { useState } from "react";
import { useQuery } from "urql";
import { LinkButton } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { Loaded } from "@/components/Loaded";
import { Page } from "@/components/Page";
import { Pagination } from "@/components/Pagination";
import { Filter } from "@/components/Filter";
import { useName, useTexts } from "@/lib/i18n";
import { usePaging, useSearchValue } from "@/lib/paging";
import { useViewer } from "@/lib/viewer";
import { RelayLinks, type RelayLink } from "./documents";
import { LinkTable } from "./LinkTable";
import { QrDialog } from "./QrDialog";
import { statusNames, texts } from "./texts";

type Status = keyof typeof statusNames;
const STATUSES = Object.keys(statusNames) as Status[];

export default function LinksPage() {
  const say = useTexts(texts);
  const name = useName();
  const viewer = useViewer();
  const paging = usePaging();
  const [chosen, choose] = useSearchValue("status");
  const status = STATUSES.find((one) => one === chosen);
  const [shown, show] = useState<RelayLink | null>(null);
  const [result, again] = useQuery({
    query: RelayLinks,
    variables: { ...paging.variables, where: status ? { status: { eq: status } } : null },
  });
  const mayChange = viewer.may("MANAGE_LINKS");
  const create = mayChange && (
    <LinkButton href="/links/new" kind="primary">
      {say("create")}
    </LinkButton>
  );
  return (
    <Page title={say("title")} lead={say("lead")} actions={create}>
      <div className="filters">
        <Filter
          label={say("filter")}
          empty={say("all")}
          value={status ?? ""}
          onChange={choose}
          options={STATUSES.map((value) => ({ value, label: name(statusNames[value]) }))}
        />
      </div>
      <Loaded result={result} retry={again}>
        {({ relayLinks: { nodes, pageInfo } }) =>
          nodes.length === 0 ? (
            <EmptyState title={say(status ? "noneFiltered" : "none")}>
              {!status && <p>{say("noneLead")}</p>}
              {!status && create}
            </EmptyState>
          ) : (
            <>
              <LinkTable links={nodes} mayChange={mayChange} onQr={show} onChanged={again} />
              <Pagination paging={paging} info={pageInfo} />
            </>
          )
        }
      </Loaded>
      {shown && (
        <QrDialog
          link={shown}
          onClose={() => {
            show(null);
          }}
        />
      )}
    </Page>
  );
}
