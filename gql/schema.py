"""The schema: every feature's fields in one graph."""

from __future__ import annotations

import strawberry
from strawberry.schema.config import StrawberryConfig

from gql.analysis_jobs import AnalysisJobMutation, AnalysisJobQuery
from gql.api_tokens import ApiTokenMutation, ApiTokenQuery
from gql.audit import AuditQuery
from gql.batch import EndsBatches, quicken
from gql.cases import CaseMutation, CaseQuery
from gql.consortium import Agency, Company, ConsortiumQuery
from gql.deletions import DeletionMutation, DeletionQuery
from gql.errors import Schema
from gql.flow_network import FlowNetworkQuery
from gql.flow_partners import PartnersQuery
from gql.flow_simulation import SimulationQuery
from gql.flow_sources import FlowSourceMutation, FlowSourceQuery
from gql.flows import FlowQuery
from gql.free_hires import FreeHireMutation
from gql.getting_started import GettingStartedQuery
from gql.hires import HireMutation, HireQuery
from gql.impact import ImpactQuery
from gql.limits import Limits, request_limits
from gql.links import LinkMutation, LinkQuery
from gql.mail_templates import MailTemplateMutation, MailTemplateQuery
from gql.mailings import MailingMutation, MailingQuery
from gql.matches import MatchQuery
from gql.meeting_changes import MeetingMutation
from gql.meetings import MeetingQuery
from gql.members import MemberMutation
from gql.network_exports import NetworkExportMutation
from gql.node import NodeQuery
from gql.openings import OpeningMutation, OpeningQuery
from gql.partner_suggestions import PartnerSuggestionQuery
from gql.partnership_changes import PartnershipMutation
from gql.partnership_policies import PartnershipPolicyMutation
from gql.partnerships import PartnershipQuery
from gql.pool import PoolMutation, PoolQuery
from gql.programs import ProgramMutation, ProgramQuery
from gql.recorded_exits import RecordedExitQuery
from gql.referrals import ReferralMutation, ReferralQuery
from gql.requests import RequestMutation, RequestQuery
from gql.retention import RetentionMutation
from gql.reviews import ReviewMutation, ReviewQuery
from gql.rewards import RewardMutation, RewardQuery
from gql.savings import SavingsMutation, SavingsQuery
from gql.scalars import SCALARS
from gql.sign_in import SignInMutation, ViewerQuery
from gql.subscriptions import Subscription
from gql.users import UserMutation, UserQuery
from gql.vocabularies import VocabularyQuery
from gql.waiting import WaitingQuery


@strawberry.type(description="Everything that can be asked.")
class Query(
    NodeQuery,
    AnalysisJobQuery,
    ApiTokenQuery,
    AuditQuery,
    CaseQuery,
    ConsortiumQuery,
    DeletionQuery,
    FlowNetworkQuery,
    FlowQuery,
    PartnersQuery,
    SimulationQuery,
    FlowSourceQuery,
    HireQuery,
    ImpactQuery,
    GettingStartedQuery,
    LinkQuery,
    MailTemplateQuery,
    MailingQuery,
    MatchQuery,
    MeetingQuery,
    OpeningQuery,
    PartnerSuggestionQuery,
    PartnershipQuery,
    PoolQuery,
    ProgramQuery,
    RecordedExitQuery,
    ReferralQuery,
    RequestQuery,
    ReviewQuery,
    RewardQuery,
    SavingsQuery,
    UserQuery,
    ViewerQuery,
    VocabularyQuery,
    WaitingQuery,
):
    """The root of queries."""


@strawberry.type(description="Everything that can be done.")
class Mutation(
    AnalysisJobMutation,
    ApiTokenMutation,
    CaseMutation,
    DeletionMutation,
    FlowSourceMutation,
    FreeHireMutation,
    HireMutation,
    LinkMutation,
    MailTemplateMutation,
    MailingMutation,
    MeetingMutation,
    MemberMutation,
    NetworkExportMutation,
    OpeningMutation,
    PartnershipMutation,
    PartnershipPolicyMutation,
    PoolMutation,
    ProgramMutation,
    ReferralMutation,
    RequestMutation,
    RetentionMutation,
    ReviewMutation,
    RewardMutation,
    SavingsMutation,
    SignInMutation,
    UserMutation,
):
    """The root of mutations."""


def build_schema(limits: Limits | None = None) -> Schema:
    """The executable schema."""
    schema = Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[Agency, Company],
        config=StrawberryConfig(scalar_map=SCALARS),
        extensions=[EndsBatches, request_limits(limits)],
    )
    quicken(schema)
    return schema
