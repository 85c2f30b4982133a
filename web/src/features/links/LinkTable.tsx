import { useState } from "react";
import { Button } from "@/components/Button";
import { CopyButton } from "@/components/CopyButton";
import { Confirm } from "@/components/Dialog";
import { ErrorSummary } from "@/components/Form";
import { Status } from "@/components/Status";
import { Table, type Column } from "@/components/Table";
import { useToast } from "@/components/Toast";
import { useChange } from "@/lib/changes";
import { useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { PauseRelayLink, ReissueRelayLink, ResumeRelayLink, RevokeRelayLink, type RelayLink } from "./documents";
import { statusNames, statusTones, texts, usageNames } from "./texts";

type LinkTableProps = {
  links: readonly RelayLink[];
  mayChange: boolean;
  onQr: (link: RelayLink) => void;
  onChanged: () => void;
};

export function LinkTable({ links, mayChange, onQr, onChanged }: LinkTableProps) {
  const say = useTexts(texts);
  const name = useName();
  const format = useFormat();
  const columns: Column<RelayLink>[] = [
    {
      key: "campaign",
      title: say("campaign"),
      cell: (link) => (
        <>
          {link.campaign}
          <span className="soft block">
            {[link.openingTitle, link.stage, name(usageNames[link.usage])].filter(Boolean).join(" · ")}
          </span>
        </>
      ),
    },
    {
      key: "status",
      title: say("status"),
      cell: (link) => <Status tone={statusTones[link.status]}>{name(statusNames[link.status])}</Status>,
    },
    {
      key: "registrations",
      title: say("registrations"),
      number: true,
      cell: ({ registrations }) => (registrations === null ? say("few") : say("about", { n: registrations })),
    },
    {
      key: "expires",
      title: say("expires"),
      cell: (link) => (link.expiresAt === null ? say("noEnd") : format.day(link.expiresAt)),
    },
    {
      key: "url",
      title: say("url"),
      cell: (link) => (
        <>
          <code className="url">{link.url}</code>
          <div className="actions">
            <CopyButton text={link.url} label={say("copy")} name={link.campaign} />
            {link.usage === "PUBLIC" && (
              <Button
                kind="quiet"
                aria-label={`${say("qr")}: ${link.campaign}`}
                onClick={() => {
                  onQr(link);
                }}
              >
                {say("qr")}
              </Button>
            )}
          </div>
        </>
      ),
    },
  ];
  if (mayChange) {
    columns.push({
      key: "doing",
      title: say("doing"),
      cell: (link) => <LinkActions link={link} onChanged={onChanged} />,
    });
  }
  return <Table caption={say("title")} rows={links} columns={columns} rowKey={(link) => link.id} />;
}

type Asked = "revoke" | "reissue";

function LinkActions({ link, onChanged }: { link: RelayLink; onChanged: () => void }) {
  const say = useTexts(texts);
  const [asked, ask] = useState<Asked | null>(null);
  const { run: change, errors, busy } = useLinkChange(link, onChanged);
  if (link.status === "REVOKED") return null;
  const label = (what: "pause" | "resume" | Asked) => ({ "aria-label": `${say(what)}: ${link.campaign}` });
  const toggle = link.status === "ACTIVE" ? "pause" : "resume";
  return (
    <>
      <ErrorSummary errors={errors} />
      <div className="actions">
        {link.status !== "EXPIRED" && (
          <>
            <Button kind="quiet" busy={busy} {...label(toggle)} onClick={() => change(toggle)}>
              {say(toggle)}
            </Button>
            {(["reissue", "revoke"] as const).map((what) => (
              <Button
                key={what}
                kind="quiet"
                {...label(what)}
                onClick={() => {
                  ask(what);
                }}
              >
                {say(what)}
              </Button>
            ))}
          </>
        )}
      </div>
      {asked && (
        <Confirm
          title={say(asked)}
          action={say(asked)}
          busy={busy}
          onClose={() => {
            ask(null);
          }}
          onConfirm={async () => {
            await change(asked);
            ask(null);
          }}
        >
          <p>{say(asked === "revoke" ? "revokeAsk" : "reissueAsk", { campaign: link.campaign })}</p>
        </Confirm>
      )}
    </>
  );
}

const SAID = { pause: "paused", resume: "resumed", revoke: "revoked", reissue: "reissued" } as const;

function useLinkChange(link: RelayLink, onChanged: () => void) {
  const say = useTexts(texts);
  const toast = useToast();
  const changes = {
    pause: useChange(PauseRelayLink),
    resume: useChange(ResumeRelayLink),
    revoke: useChange(RevokeRelayLink),
    reissue: useChange(ReissueRelayLink),
  };
  const all = Object.values(changes);
  return {
    errors: all.flatMap((one) => one.errors),
    busy: all.some((one) => one.busy),
    run: async (what: keyof typeof changes) => {
      const done = await changes[what].run({ input: { id: link.id } });
      if (done === null) return;
      toast(say(SAID[what]));
      onChanged();
    },
  };
}
