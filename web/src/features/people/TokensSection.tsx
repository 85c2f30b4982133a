import { use, useState } from "react";
import { useQuery } from "urql";
import { Button } from "@/components/Button";
import { CopyButton } from "@/components/CopyButton";
import { Confirm, Dialog } from "@/components/Dialog";
import { EmptyState } from "@/components/EmptyState";
import { ErrorSummary, Form, SelectField, TextField, textOf } from "@/components/Form";
import { Loaded } from "@/components/Loaded";
import { Section } from "@/components/Page";
import { Status } from "@/components/Status";
import { Table } from "@/components/Table";
import { useChange } from "@/lib/changes";
import { endOfDay, TimeZoneContext, useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { roleNames } from "@/lib/names";
import { useViewer } from "@/lib/viewer";
import { useNameOf } from "@/lib/vocabulary";
import { CreateApiToken, RevokeApiToken, Tokens, type Token } from "./documents";
import { roleIn, roleOptions } from "./roles";
import { texts } from "./texts";

export function TokensSection() {
  const say = useTexts(texts);
  const [making, setMaking] = useState(false);
  const [result, refresh] = useQuery({ query: Tokens });
  const again = () => {
    refresh({ requestPolicy: "network-only" });
  };
  const make = (
    <Button
      onClick={() => {
        setMaking(true);
      }}
    >
      {say("make")}
    </Button>
  );
  return (
    <Section title={say("tokens")} note={say("tokensLead")} actions={make}>
      <Loaded result={result} retry={again}>
        {({ apiTokens: { nodes } }) =>
          nodes.length === 0 ? (
            <EmptyState title={say("noTokens")} />
          ) : (
            <TokenTable tokens={nodes} onChanged={again} />
          )
        }
      </Loaded>
      {making && (
        <MakeDialog
          onMade={again}
          onClose={() => {
            setMaking(false);
          }}
        />
      )}
    </Section>
  );
}

function TokenTable({ tokens, onChanged }: { tokens: readonly Token[]; onChanged: () => void }) {
  const say = useTexts(texts);
  const nameOf = useNameOf();
  const name = useName();
  const format = useFormat();
  return (
    <Table
      caption={say("tokens")}
      rows={tokens}
      rowKey={(token) => token.id}
      columns={[
        {
          key: "name",
          title: say("purpose"),
          cell: (token) => (
            <>
              {token.name}
              <span className="soft block">{token.organization !== null && nameOf(token.organization)}</span>
            </>
          ),
        },
        { key: "prefix", title: say("prefix"), cell: (token) => <code>{token.prefix}…</code> },
        { key: "role", title: say("role"), cell: (token) => name(roleNames[token.role]) },
        { key: "created", title: say("created"), cell: (token) => format.day(token.createdAt) },
        {
          key: "status",
          title: say("status"),
          cell: (token) => (
            <>
              <Status tone={token.revokedAt === null ? "good" : "rest"}>
                {say(token.revokedAt === null ? "inUse" : "revoked")}
              </Status>
              {token.expiresAt !== null && (
                <span className="soft block">{say("until", { day: format.day(token.expiresAt) })}</span>
              )}
            </>
          ),
        },
        {
          key: "doing",
          title: say("doing"),
          cell: (token) => token.revokedAt === null && <Revoke token={token} onChanged={onChanged} />,
        },
      ]}
    />
  );
}

function Revoke({ token, onChanged }: { token: Token; onChanged: () => void }) {
  const say = useTexts(texts);
  const [asking, setAsking] = useState(false);
  const { run, errors, busy } = useChange(RevokeApiToken);
  return (
    <>
      <ErrorSummary errors={errors} />
      <Button
        kind="quiet"
        aria-label={`${say("revoke")}: ${token.name}`}
        onClick={() => {
          setAsking(true);
        }}
      >
        {say("revoke")}
      </Button>
      {asking && (
        <Confirm
          title={say("revoke")}
          action={say("revoke")}
          busy={busy}
          onClose={() => {
            setAsking(false);
          }}
          onConfirm={async () => {
            const done = await run({ input: { id: token.id } });
            setAsking(false);
            if (done !== null) onChanged();
          }}
        >
          <p>{say("revokeAsk", { name: token.name })}</p>
        </Confirm>
      )}
    </>
  );
}

/** Makes a token and shows its secret, once. */
function MakeDialog({ onClose, onMade }: { onClose: () => void; onMade: () => void }) {
  const say = useTexts(texts);
  const name = useName();
  const viewer = useViewer();
  const timeZone = use(TimeZoneContext);
  const [secret, setSecret] = useState<string | null>(null);
  const { run, errors, busy } = useChange(CreateApiToken);
  const make = async (values: FormData) => {
    const until = textOf(values, "expiresAt");
    const made = await run({
      input: {
        name: textOf(values, "name"),
        role: roleIn(viewer, textOf(values, "role")),
        expiresAt: until === "" ? null : endOfDay(until, timeZone),
      },
    });
    if (made === null) return;
    setSecret(made.secret);
    onMade();
  };
  if (secret !== null) return <SecretDialog secret={secret} onClose={onClose} />;
  return (
    <Dialog title={say("make")} onClose={onClose}>
      <Form onSubmit={make} errors={errors}>
        <TextField name="name" label={say("purpose")} required maxLength={100} />
        <SelectField name="role" label={say("role")} options={roleOptions(viewer, name)} />
        <TextField name="expiresAt" type="date" label={say("expires")} hint={say("expiresHint")} />
        <div className="actions end">
          <Button kind="primary" type="submit" busy={busy}>
            {say("make")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

function SecretDialog({ secret, onClose }: { secret: string; onClose: () => void }) {
  const say = useTexts(texts);
  return (
    <Dialog title={say("secret")} onClose={onClose}>
      <div className="stack">
        <p>{say("secretLead")}</p>
        <code>{secret}</code>
        <div className="actions end">
          <CopyButton text={secret} label={say("copy")} />
          <Button kind="primary" onClick={onClose}>
            {say("done")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
