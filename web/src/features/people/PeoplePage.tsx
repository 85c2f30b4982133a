import { useState } from "react";
import { useQuery } from "urql";
import { Button } from "@/components/Button";
import { Loaded } from "@/components/Loaded";
import { Page, Section } from "@/components/Page";
import { Pagination } from "@/components/Pagination";
import { Status } from "@/components/Status";
import { Table } from "@/components/Table";
import { useFormat } from "@/lib/format";
import { useName, useTexts } from "@/lib/i18n";
import { roleNames } from "@/lib/names";
import { usePaging } from "@/lib/paging";
import { useViewer } from "@/lib/viewer";
import { useNameOf } from "@/lib/vocabulary";
import { People, type Person } from "./documents";
import { InviteDialog } from "./InviteDialog";
import { PersonActions } from "./PersonActions";
import { texts, userStatusNames, userStatusTones } from "./texts";
import { TokensSection } from "./TokensSection";

export default function PeoplePage() {
  const say = useTexts(texts);
  const viewer = useViewer();
  const paging = usePaging();
  const [inviting, setInviting] = useState(false);
  const [result, refresh] = useQuery({ query: People, variables: paging.variables });
  const again = () => {
    refresh({ requestPolicy: "network-only" });
  };
  const invite = (
    <Button
      kind="primary"
      onClick={() => {
        setInviting(true);
      }}
    >
      {say("invite")}
    </Button>
  );
  return (
    <Page title={say("title")} lead={say("lead")}>
      <Section title={say("people")} actions={invite}>
        <Loaded result={result} retry={again}>
          {({ users: { nodes, pageInfo } }) => (
            <>
              <PeopleTable people={nodes} onChanged={again} />
              <Pagination paging={paging} info={pageInfo} />
            </>
          )}
        </Loaded>
      </Section>
      {viewer.may("MANAGE_TOKENS") && <TokensSection />}
      {inviting && (
        <InviteDialog
          onClose={() => {
            setInviting(false);
          }}
          onInvited={() => {
            setInviting(false);
            again();
          }}
        />
      )}
    </Page>
  );
}

function PeopleTable({ people, onChanged }: { people: readonly Person[]; onChanged: () => void }) {
  const say = useTexts(texts);
  const nameOf = useNameOf();
  const name = useName();
  const format = useFormat();
  const ofConsortium = useViewer().organization === null;
  const organization = {
    key: "organization",
    title: say("organization"),
    cell: ({ organization: of }: Person) => (of === null ? say("ownConsortium") : nameOf(of)),
  };
  return (
    <Table
      caption={say("people")}
      rows={people}
      rowKey={(person) => person.id}
      columns={[
        {
          key: "name",
          title: say("name"),
          cell: (person) => (
            <>
              {person.name}
              <span className="soft block">{person.email}</span>
            </>
          ),
        },
        ...(ofConsortium ? [organization] : []),
        { key: "role", title: say("role"), cell: (person) => name(roleNames[person.role]) },
        {
          key: "status",
          title: say("status"),
          cell: ({ status }) => <Status tone={userStatusTones[status]}>{name(userStatusNames[status])}</Status>,
        },
        { key: "signedIn", title: say("signedIn"), cell: (person) => format.moment(person.signedInAt) },
        {
          key: "doing",
          title: say("doing"),
          cell: (person) => <PersonActions person={person} onChanged={onChanged} />,
        },
      ]}
    />
  );
}
