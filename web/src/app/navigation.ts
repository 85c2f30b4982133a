// Which pages there are for whom.
import type { Permission, Viewer } from "@/lib/viewer";
import type { texts } from "./texts";

type Name = keyof typeof texts;
export type Place = { href: string; name: Name };
export type Group = { name: Name | null; places: readonly Place[] };

type Rule = Place & { needs: Permission };
type RuleGroup = { name: Name | null; rules: readonly Rule[] };

const COMPANY: readonly RuleGroup[] = [
  {
    name: "groupRelay",
    rules: [
      { href: "/links", name: "links", needs: "READ_LINKS" },
      { href: "/templates", name: "templates", needs: "READ_MAILINGS" },
      { href: "/mailings", name: "mailings", needs: "READ_MAILINGS" },
      { href: "/ledger", name: "ledger", needs: "READ_LEDGER" },
    ],
  },
  {
    name: "groupHiring",
    rules: [
      { href: "/referrals", name: "referrals", needs: "READ_REFERRALS" },
      { href: "/openings", name: "openings", needs: "READ_OPENINGS" },
      { href: "/retention", name: "retention", needs: "READ_REFERRALS" },
      { href: "/impact", name: "impact", needs: "READ_IMPACT" },
      { href: "/pool", name: "pool", needs: "READ_POOL" },
      { href: "/partnerships", name: "partnerships", needs: "READ_PARTNERSHIPS" },
      { href: "/meetings", name: "meetings", needs: "READ_MEETINGS" },
      { href: "/deletions", name: "deletions", needs: "READ_DELETIONS" },
    ],
  },
];

const AGENCY: readonly RuleGroup[] = [
  {
    name: "groupHiring",
    rules: [
      { href: "/cases", name: "cases", needs: "READ_CASES" },
      { href: "/referrals", name: "referrals", needs: "READ_REFERRALS" },
      { href: "/openings", name: "openings", needs: "READ_OPENINGS" },
      { href: "/retention", name: "retention", needs: "READ_REFERRALS" },
      { href: "/fundings", name: "fundings", needs: "READ_REWARDS" },
      { href: "/meetings", name: "meetings", needs: "READ_MEETINGS" },
      { href: "/deletions", name: "deletions", needs: "READ_DELETIONS" },
    ],
  },
];

const CONSORTIUM: readonly RuleGroup[] = [
  {
    name: "groupConsortium",
    rules: [
      { href: "/members", name: "members", needs: "MANAGE_MEMBERS" },
      { href: "/partnerships", name: "partnerships", needs: "READ_PARTNERSHIPS" },
      { href: "/meetings", name: "meetings", needs: "READ_MEETINGS" },
      { href: "/impact", name: "impact", needs: "READ_IMPACT" },
      { href: "/deletions", name: "deletions", needs: "READ_DELETIONS" },
      { href: "/program", name: "program", needs: "MANAGE_PROGRAM" },
      { href: "/reviews", name: "reviews", needs: "REVIEW_COUNTS" },
      { href: "/requests", name: "requests", needs: "ANSWER_REQUESTS" },
      { href: "/exits", name: "exits", needs: "REVIEW_COUNTS" },
      { href: "/audit", name: "audit", needs: "READ_AUDIT" },
      { href: "/consortium", name: "consortium", needs: "MANAGE_PROGRAM" },
    ],
  },
];

const EVERYONE: readonly RuleGroup[] = [
  {
    name: "groupOrganization",
    rules: [
      { href: "/flows", name: "flows", needs: "READ_FLOWS" },
      { href: "/network", name: "network", needs: "READ_FLOWS" },
      { href: "/registers", name: "registers", needs: "EXPORT_REGISTERS" },
      { href: "/people", name: "people", needs: "MANAGE_USERS" },
    ],
  },
];

function rulesFor(viewer: Viewer): readonly RuleGroup[] {
  if (viewer.organization === null) return CONSORTIUM;
  return viewer.organization.isCompany ? COMPANY : AGENCY;
}

/** The pages a person can open, in groups. */
export function groupsFor(viewer: Viewer): Group[] {
  const groups = [...rulesFor(viewer), ...EVERYONE].map(({ name, rules }) => ({
    name,
    places: rules.filter((rule) => viewer.may(rule.needs)),
  }));
  // An agency begins with its candidates and an analyst with the flows: those are their home.
  const begins = viewer.organization?.isCompany === true || viewer.may("MANAGE_MEMBERS");
  const home: Group = { name: null, places: [{ href: "/", name: "home" }] };
  return [
    ...(begins ? [home] : []),
    ...groups.filter((group) => group.places.length > 0),
  ];
}
