import { useState } from "react";
import { Link } from "wouter";
import { useQuery } from "urql";
import { Button } from "@/components/Button";
import { Confirm } from "@/components/Dialog";
import { EmptyState } from "@/components/EmptyState";
import { Facts } from "@/components/Facts";
import { ErrorSummary, Form, TextField, textOf } from "@/components/Form";
import { Loaded } from "@/components/Loaded";
import { Page, Section } from "@/components/Page";
import { Status } from "@/components/Status";
import { useToast } from "@/components/Toast";
import { useChange } from "@/lib/changes";
import { useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import {
  AcceptMembership,
  EndMembership,
  InviteFirstAdmin,
  MemberById,
  UpdateMember,
  type MemberNode,
} from "./documents";
import { MemberFields, memberOf } from "./MemberFields";
import { statusNames, statusTones, texts } from "./texts";

type Part = { member: MemberNode; onChanged: () => void };

export default function MemberPage({ id }: { id: string }) {
  const say = useTexts(texts);
  const [result, refresh] = useQuery({ query: MemberById, variables: { id } });
  const again = () => {
    refresh({ requestPolicy: "network-only" });
  };
  return (
    <Loaded result={result} retry={again}>
      {({ node }) =>
        node?.__typename === "Company" || node?.__typename === "Agency" ? (
          <Page
            title={node.name}
            lead={node.nameEn ?? undefined}
            back={<Link href="/members">{say("back")}</Link>}
          >
            <div className="columns">
              <FactsPart member={node} onChanged={again} />
              <InvitePart member={node} onChanged={again} />
            </div>
            <UpdatePart member={node} onChanged={again} />
          </Page>
        ) : (
          <Page title={say("none")}>
            <EmptyState title={say("none")} />
          </Page>
        )
      }
    </Loaded>
  );
}

function FactsPart({ member, onChanged }: Part) {
  const say = useTexts(texts);
  const name = useName();
  const format = useFormat();
  const at = member.membershipStatus;
  const licence = member.__typename === "Agency" && (
    <>
      {member.licenceNumber ?? "–"}（{format.day(member.licenceExpiresOn)}、
      {say(member.licenceIsValid ? "licenceValid" : "licenceInvalid")}）
    </>
  );
  return (
    <Section title={say("facts")}>
      <Facts
        facts={[
          [say("kind"), say(member.__typename === "Company" ? "company" : "agency")],
          [say("number"), member.corporateNumber],
          [say("status"), <Status key="status" tone={statusTones[at]}>{name(statusNames[at])}</Status>],
          [say("joined"), format.day(member.joinedAt)],
          ...(member.leftAt ? [[say("left"), format.day(member.leftAt)] as const] : []),
          ...(licence ? [[say("licence"), licence] as const] : []),
        ]}
      />
      <MembershipActions member={member} onChanged={onChanged} />
    </Section>
  );
}

function MembershipActions({ member, onChanged }: Part) {
  const say = useTexts(texts);
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const accepting = useChange(AcceptMembership);
  const ending = useChange(EndMembership);
  const input = { input: { id: member.id } };
  const accept = async () => {
    if ((await accepting.run(input)) === null) return;
    toast(say("accepted"));
    onChanged();
  };
  const end = async () => {
    const done = await ending.run(input);
    setAsking(false);
    if (done === null) return;
    toast(say("ended"));
    onChanged();
  };
  if (member.membershipStatus === "LEFT") return null;
  return (
    <>
      <ErrorSummary errors={[...accepting.errors, ...ending.errors]} />
      <div className="actions">
        {member.membershipStatus === "INVITED" && (
          <Button busy={accepting.busy} onClick={accept}>
            {say("accept")}
          </Button>
        )}
        <Button
          kind="danger"
          onClick={() => {
            setAsking(true);
          }}
        >
          {say("end")}
        </Button>
      </div>
      {asking && (
        <Confirm
          title={say("end")}
          action={say("end")}
          busy={ending.busy}
          onConfirm={end}
          onClose={() => {
            setAsking(false);
          }}
        >
          <p>{say("endAsk", { name: member.name })}</p>
        </Confirm>
      )}
    </>
  );
}

function InvitePart({ member, onChanged }: Part) {
  const say = useTexts(texts);
  const toast = useToast();
  const { run, errors, busy } = useChange(InviteFirstAdmin);
  const [sent, setSent] = useState(0);
  const invite = async (values: FormData) => {
    const done = await run({
      input: {
        organizationId: member.id,
        name: textOf(values, "name"),
        email: textOf(values, "email"),
        role: "ADMIN",
      },
    });
    if (done === null) return;
    toast(say("invited"));
    setSent(sent + 1);
    onChanged();
  };
  if (member.membershipStatus === "LEFT") return null;
  return (
    <Section title={say("inviteAdmin")} note={say("inviteLead")}>
      <Form key={sent} onSubmit={invite} errors={errors}>
        <TextField name="name" label={say("person")} required maxLength={100} />
        <TextField name="email" type="email" label={say("email")} required />
        <div className="actions">
          <Button type="submit" busy={busy}>
            {say("sendInvitation")}
          </Button>
        </div>
      </Form>
    </Section>
  );
}

function UpdatePart({ member, onChanged }: Part) {
  const say = useTexts(texts);
  const toast = useToast();
  const { run, errors, busy } = useChange(UpdateMember);
  const update = async (values: FormData) => {
    if ((await run({ input: { id: member.id, ...memberOf(values) } })) === null) return;
    toast(say("updated"));
    onChanged();
  };
  return (
    <Section title={say("edit")}>
      <Form onSubmit={update} errors={errors}>
        <MemberFields member={member} licensed={member.__typename === "Agency"} />
        <div className="actions">
          <Button kind="primary" type="submit" busy={busy}>
            {say("update")}
          </Button>
        </div>
      </Form>
    </Section>
  );
}
