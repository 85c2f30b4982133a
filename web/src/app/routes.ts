// Each page is a file of its own to the browser: what a person does not open is not loaded.
import { lazy, type ComponentType, type LazyExoticComponent } from "react";
import type { Permission } from "@/lib/viewer";

type PageOf = LazyExoticComponent<ComponentType<{ id: string }>>;
export type PageRoute = { path: string; page: PageOf; needs: Permission };

export const ROUTES: readonly PageRoute[] = [
  { path: "/links", page: lazy(() => import("@/features/links/LinksPage")), needs: "READ_LINKS" },
  { path: "/links/new", page: lazy(() => import("@/features/links/NewLinkPage")), needs: "MANAGE_LINKS" },
  { path: "/templates", page: lazy(() => import("@/features/templates/TemplatesPage")), needs: "READ_MAILINGS" },
  {
    path: "/templates/edit",
    page: lazy(() => import("@/features/templates/EditTemplatePage")),
    needs: "READ_MAILINGS",
  },
  { path: "/mailings", page: lazy(() => import("@/features/mailings/MailingsPage")), needs: "READ_MAILINGS" },
  {
    path: "/mailings/new",
    page: lazy(() => import("@/features/mailings/NewMailingPage")),
    needs: "MANAGE_MAILINGS",
  },
  { path: "/mailings/:id", page: lazy(() => import("@/features/mailings/MailingPage")), needs: "READ_MAILINGS" },
  { path: "/ledger", page: lazy(() => import("@/features/ledger/LedgerPage")), needs: "READ_LEDGER" },
  { path: "/cases", page: lazy(() => import("@/features/cases/CasesPage")), needs: "READ_CASES" },
  { path: "/cases/:id", page: lazy(() => import("@/features/cases/CasePage")), needs: "READ_CASES" },
  { path: "/referrals", page: lazy(() => import("@/features/referrals/ReferralsPage")), needs: "READ_REFERRALS" },
  {
    path: "/referrals/:id",
    page: lazy(() => import("@/features/referrals/ReferralPage")),
    needs: "READ_REFERRALS",
  },
  { path: "/retention", page: lazy(() => import("@/features/retention/RetentionPage")), needs: "READ_REFERRALS" },
  { path: "/impact", page: lazy(() => import("@/features/impact/ImpactPage")), needs: "READ_IMPACT" },
  { path: "/openings", page: lazy(() => import("@/features/openings/OpeningsPage")), needs: "READ_OPENINGS" },
  {
    path: "/openings/new",
    page: lazy(() => import("@/features/openings/NewOpeningPage")),
    needs: "MANAGE_OPENINGS",
  },
  {
    path: "/openings/import",
    page: lazy(() => import("@/features/openings/ImportOpeningsPage")),
    needs: "MANAGE_OPENINGS",
  },
  { path: "/openings/:id", page: lazy(() => import("@/features/openings/OpeningPage")), needs: "READ_OPENINGS" },
  {
    path: "/partnerships",
    page: lazy(() => import("@/features/partnerships/PartnershipsPage")),
    needs: "READ_PARTNERSHIPS",
  },
  {
    path: "/partnerships/new",
    page: lazy(() => import("@/features/partnerships/NewPartnershipPage")),
    needs: "MANAGE_PARTNERSHIPS",
  },
  {
    path: "/partnerships/find",
    page: lazy(() => import("@/features/partnerships/FindPartnersPage")),
    needs: "READ_PARTNERSHIPS",
  },
  {
    path: "/partnerships/policy",
    page: lazy(() => import("@/features/partnerships/PolicyPage")),
    needs: "MANAGE_PROGRAM",
  },
  {
    path: "/partnerships/:id",
    page: lazy(() => import("@/features/partnerships/PartnershipPage")),
    needs: "READ_PARTNERSHIPS",
  },
  { path: "/meetings", page: lazy(() => import("@/features/meetings/MeetingsPage")), needs: "READ_MEETINGS" },
  {
    path: "/meetings/new",
    page: lazy(() => import("@/features/meetings/NewMeetingPage")),
    needs: "MANAGE_MEETINGS",
  },
  { path: "/meetings/:id", page: lazy(() => import("@/features/meetings/MeetingPage")), needs: "READ_MEETINGS" },
  { path: "/fundings", page: lazy(() => import("@/features/fundings/FundingsPage")), needs: "READ_REWARDS" },
  { path: "/pool", page: lazy(() => import("@/features/pool/PoolPage")), needs: "READ_POOL" },
  {
    path: "/deletions",
    page: lazy(() => import("@/features/deletions/DeletionsPage")),
    needs: "READ_DELETIONS",
  },
  { path: "/members", page: lazy(() => import("@/features/members/MembersPage")), needs: "MANAGE_MEMBERS" },
  { path: "/members/new", page: lazy(() => import("@/features/members/NewMemberPage")), needs: "MANAGE_MEMBERS" },
  {
    path: "/members/import",
    page: lazy(() => import("@/features/members/ImportMembersPage")),
    needs: "MANAGE_MEMBERS",
  },
  { path: "/members/:id", page: lazy(() => import("@/features/members/MemberPage")), needs: "MANAGE_MEMBERS" },
  { path: "/program", page: lazy(() => import("@/features/program/ProgramPage")), needs: "MANAGE_PROGRAM" },
  { path: "/program/new", page: lazy(() => import("@/features/program/NewVersionPage")), needs: "MANAGE_PROGRAM" },
  { path: "/program/replay", page: lazy(() => import("@/features/program/ReplayPage")), needs: "MANAGE_PROGRAM" },
  { path: "/reviews", page: lazy(() => import("@/features/reviews/ReviewsPage")), needs: "REVIEW_COUNTS" },
  { path: "/requests", page: lazy(() => import("@/features/requests/RequestsPage")), needs: "ANSWER_REQUESTS" },
  { path: "/consortium", page: lazy(() => import("@/features/consortium/ConsortiumPage")), needs: "MANAGE_PROGRAM" },
  { path: "/registers", page: lazy(() => import("@/features/registers/RegistersPage")), needs: "EXPORT_REGISTERS" },
  { path: "/exits", page: lazy(() => import("@/features/exits/ExitsPage")), needs: "REVIEW_COUNTS" },
  { path: "/audit", page: lazy(() => import("@/features/audit/AuditPage")), needs: "READ_AUDIT" },
  { path: "/network", page: lazy(() => import("@/features/network/NetworkPage")), needs: "READ_FLOWS" },
  { path: "/network/advice", page: lazy(() => import("@/features/network/AdvicePage")), needs: "READ_FLOWS" },
  { path: "/network/analyses", page: lazy(() => import("@/features/network/AnalysesPage")), needs: "READ_FLOWS" },
  { path: "/flows", page: lazy(() => import("@/features/flows/FlowsPage")), needs: "READ_FLOWS" },
  { path: "/flows/sources", page: lazy(() => import("@/features/flows/SourcesPage")), needs: "READ_FLOWS" },
  { path: "/flows/import", page: lazy(() => import("@/features/flows/ImportFlowsPage")), needs: "IMPORT_FLOWS" },
  { path: "/people", page: lazy(() => import("@/features/people/PeoplePage")), needs: "MANAGE_USERS" },
];
