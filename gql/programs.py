"""The relay's rules in versions, and what others would have given."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import strawberry

from gql.batch import relation
from gql.connection import Connection, PageArguments, PageInfo, encode_cursor
from gql.consortium import Company, Organization, load_organizations
from gql.context import Context
from gql.idempotency import idempotency_key, perform_once
from gql.lists import After, Before, First, Last, connect, counting, slice_of
from gql.node import Node, encode_id, key_of, register_node
from gql.payload import Payload, key_from, mutation
from models.access import Actor, Permission
from models.errors import InvalidInput
from models.operations import program_versions as operations
from models.reads import program_versions as reads
from models.rules import outcomes as rules
from models.rules.counting import CountRule, CountRules, OpenLinks
from models.tables import consortium as tables

REPLAY_COST_POINTS = 200


@strawberry.type(description="One step of a refund schedule.")
class RefundStep:
    """Of an early exit."""

    days: int = strawberry.field(description="Holds for who stayed fewer days than these.")
    percent: int = strawberry.field(description="So much of the fee is owed back.")


@strawberry.input(description="One step of a refund schedule.")
class RefundStepInput:
    """Of an early exit."""

    days: int = strawberry.field(description="Holds for who stayed fewer days than these.")
    percent: int = strawberry.field(description="So much of the fee is owed back, 0 to 100.")


@strawberry.type(description="One version of the rules. It never changes; a change is the next.")
class ProgramVersion(Node):
    """A fact is judged by the version in force when it happened."""

    key: strawberry.Private[uuid.UUID]
    agency_key: strawberry.Private[uuid.UUID]
    number: int = strawberry.field(description="1, 2, 3 …")
    effective_from: dt.datetime = strawberry.field(description="When it takes effect.")
    counts_per_free_hire: int = strawberry.field(description="So many counts earn a free hire.")
    count_rule: CountRule = strawberry.field(description="Which companies get a count.")
    window_days: int = strawberry.field(description="The window of `FIRST_WITHIN_WINDOW`.")
    free_hire_valid_days: int = strawberry.field(description="How long a free hire lasts.")
    open_links: OpenLinks = strawberry.field(description="Which relay links count.")
    guarantee_days: int = strawberry.field(
        description="Who leaves within so many days of joining has left early."
    )
    refund_schedule: list[RefundStep] = strawberry.field(
        description="What of its fee an agency then owes back; empty without a guarantee."
    )
    grace_days: int = strawberry.field(
        description="How long the balance of a company that leaves can still be used."
    )
    link_limit: int = strawberry.field(
        description="More registrations through one link within ten minutes are held for review."
    )
    device_limit: int = strawberry.field(
        description="More registrations from one device within a day are held for review."
    )
    created_at: dt.datetime = strawberry.field(description="When it was published.")

    @relation(description="The agency that takes registrants on where no other is named.")
    @staticmethod
    async def default_agency(
        parents: list[ProgramVersion], ctx: Context
    ) -> list[Organization | None]:
        """All of them at once."""
        found = await load_organizations(ctx, [parent.agency_key for parent in parents])
        return [found.get(parent.agency_key) for parent in parents]


def program_version(row: tables.ProgramVersion) -> ProgramVersion:
    """A row as members see it."""
    shared = {
        name: getattr(row, name)
        for name in (
            "number",
            "effective_from",
            "count_rule",
            "open_links",
            "created_at",
            *operations.BOUNDS,
        )
    }
    refunds = rules.refunds_of(row.refund_schedule)
    return ProgramVersion(
        id=encode_id("ProgramVersion", row.id),
        key=row.id,
        agency_key=row.default_agency_id,
        refund_schedule=[RefundStep(days=s.days, percent=s.percent) for s in refunds],
        **shared,
    )


@strawberry.type(
    description="A company, and what rules would have given it beside what it was given."
)
class ReplayEdge:
    """Persons counted and free hires earned, without what was taken back."""

    company_key: strawberry.Private[uuid.UUID]
    cursor: str = strawberry.field(description="Its place, for `after` and `before`.")
    counts: int = strawberry.field(description="Counts under these rules.")
    free_hires: int = strawberry.field(description="Free hires under these rules.")
    remainder: int = strawberry.field(description="Counts left over under these rules.")
    given_counts: int = strawberry.field(description="Counts that it was given.")
    given_free_hires: int = strawberry.field(description="Free hires that it was given.")

    @relation(description="The company.")
    @staticmethod
    async def node(parents: list[ReplayEdge], ctx: Context) -> list[Company | None]:
        """All of them at once."""
        found = await load_organizations(ctx, [parent.company_key for parent in parents])
        companies = [found.get(parent.company_key) for parent in parents]
        return [one if isinstance(one, Company) else None for one in companies]


@strawberry.type(description="A page of what rules would have given, company by company.")
class ReplayConnection:
    """The company is the node; what it would have been given stands on the edge."""

    edges: list[ReplayEdge] = strawberry.field(description="The page.")
    page_info: PageInfo = strawberry.field(description="Where the page stands in the list.")
    total_count: int = strawberry.field(description="How many companies there are.")


@strawberry.type(description="The whole history judged once more by other rules.")
class Replay:
    """Nothing is changed by it."""

    replayed: strawberry.Private[list[reads.Replayed]]
    counts: int = strawberry.field(description="Counts under these rules.")
    free_hires: int = strawberry.field(description="Free hires under these rules.")
    given_counts: int = strawberry.field(description="Counts that were given.")
    given_free_hires: int = strawberry.field(description="Free hires that were given.")

    @relation(description="Company by company.")
    @staticmethod
    async def companies(
        parents: list[Replay],
        ctx: Context,  # noqa: ARG004  (a page of what is here already)
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[ReplayConnection]:
        """Paged by the companies' ids."""
        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(uuid.UUID,)
        )
        return [_companies(parent, asked) for parent in parents]


def _companies(parent: Replay, asked: PageArguments) -> ReplayConnection:
    shown = slice_of(parent.replayed, asked, lambda one: (one.company_id,))
    return ReplayConnection(
        edges=[_replay_edge(one) for one in shown.rows],
        page_info=shown.page_info,
        total_count=len(parent.replayed),
    )


def _replay_edge(one: reads.Replayed) -> ReplayEdge:
    return ReplayEdge(
        company_key=one.company_id,
        cursor=encode_cursor((one.company_id,)),
        counts=one.counts,
        free_hires=one.free_hires,
        remainder=one.remainder,
        given_counts=one.given_counts,
        given_free_hires=one.given_free_hires,
    )


@strawberry.input(description="Rules that never were, to judge the history by.")
class ReplayRulesInput:
    """The part of a version that decides about counts."""

    counts_per_free_hire: int = strawberry.field(
        default=10, description="So many counts earn a free hire, 1 to 1000."
    )
    count_rule: CountRule = strawberry.field(
        default=CountRule.EACH_COMPANY, description="Which companies get a count."
    )
    window_days: int = strawberry.field(default=365, description="The window, 1 to 3650 days.")
    open_links: OpenLinks = strawberry.field(
        default=OpenLinks.ALL, description="Which relay links count."
    )


@strawberry.type(
    description="プログラム: the consortium's relay, with rules that change by version."
)
class Program(Node):
    """There is one."""

    key: strawberry.Private[uuid.UUID]

    @relation(description="The version that judges what happens now; null before the first.")
    @staticmethod
    async def in_force(parents: list[Program], ctx: Context) -> list[ProgramVersion | None]:
        """Only the actor's own program is ever a parent."""
        actor = ctx.permitted(Permission.READ_CONSORTIUM)
        async with ctx.database.read() as read:
            row = await reads.version_in_force(read, actor)
        return [program_version(row) if row else None] * len(parents)

    @relation(description="Every version, the newest first.")
    @staticmethod
    async def versions(
        parents: list[Program],
        ctx: Context,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[ProgramVersion]]:
        """Paged by number."""
        actor = ctx.permitted(Permission.READ_CONSORTIUM)
        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(int, uuid.UUID)
        )
        async with ctx.database.read() as read:
            rows = await reads.versions_page(read, actor, asked, descending=True)
        found: Connection[ProgramVersion] = connect(
            rows,
            asked,
            node=program_version,
            position=lambda row: (row.number, row.id),
            count=counting(ctx, lambda read: reads.count_versions(read, actor)),
        )
        return [found] * len(parents)

    @relation(
        description="What a version, or rules that never were, would have given over the history "
        "so far. For consortium admins; nothing is changed.",
        cost=REPLAY_COST_POINTS,
    )
    @staticmethod
    async def replay(
        parents: list[Program],
        ctx: Context,
        version_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="A published version.")
        ] = None,
        rules: Annotated[
            ReplayRulesInput | None, strawberry.argument(description="Or rules of your own.")
        ] = None,
    ) -> list[Replay]:
        """One of the two is given."""
        actor = ctx.permitted(Permission.MANAGE_PROGRAM)
        async with ctx.database.read() as read:
            judged_by = await _rules(read, actor, version_id, rules)
            found = await reads.replay_history(read, actor, judged_by)
        return [_replay(found)] * len(parents)


async def _rules(
    read: Any, actor: Actor, version_id: str | None, rules: ReplayRulesInput | None
) -> reads.ReplayRules:
    if (version_id is None) == (rules is None):
        raise InvalidInput(
            "versionId",
            ja="versionId と rules のどちらか一方を指定してください。",
            en="Give either versionId or rules.",
        )
    if version_id is not None:
        key = key_from(version_id, "ProgramVersion", "program version", "versionId")
        return await reads.rules_of_version(read, actor, key)
    assert rules is not None
    judged_by = CountRules(
        count_rule=rules.count_rule,
        window_days=rules.window_days,
        open_links=rules.open_links,
        link_limit=1,
        device_limit=1,
    )
    return reads.ReplayRules(judged_by, rules.counts_per_free_hire)


def _replay(found: list[reads.Replayed]) -> Replay:
    return Replay(
        replayed=found,
        counts=sum(one.counts for one in found),
        free_hires=sum(one.free_hires for one in found),
        given_counts=sum(one.given_counts for one in found),
        given_free_hires=sum(one.given_free_hires for one in found),
    )


async def _own(ctx: Context) -> Program | None:
    actor = ctx.permitted(Permission.READ_CONSORTIUM)
    async with ctx.database.read() as read:
        row = await reads.program_of(read, actor)
    return Program(id=encode_id("Program", row.id), key=row.id) if row else None


async def _load_program(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Program]:
    own = await _own(ctx)
    return {own.key: own} if own and own.key in keys else {}


async def _load_versions(
    ctx: Context, keys: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, ProgramVersion]:
    actor = ctx.permitted(Permission.READ_CONSORTIUM)
    async with ctx.database.read() as read:
        rows = await reads.versions_by_id(read, actor, keys)
    return {key: program_version(row) for key, row in rows.items()}


register_node("Program", _load_program)
register_node("ProgramVersion", _load_versions)


@strawberry.type
class ProgramQuery:
    """The root fields about the program."""

    @relation(description="Your consortium's relay and its rules.")
    @staticmethod
    async def program(parents: list[Any], ctx: Context) -> list[Program | None]:
        """The actor's own."""
        return [await _own(ctx)] * len(parents)


@strawberry.input(description="The rules from an instant on.")
class PublishProgramVersionInput:
    """The next version, as a whole."""

    default_agency_id: strawberry.ID = strawberry.field(
        description="The agency that takes registrants on where no other is named: an active "
        "member with a valid licence."
    )
    effective_from: dt.datetime | None = strawberry.field(
        default=None, description="When it takes effect, now where silent; never in the past."
    )
    counts_per_free_hire: int = strawberry.field(
        default=10, description="So many counts earn a free hire, 1 to 1000."
    )
    count_rule: CountRule = strawberry.field(
        default=CountRule.EACH_COMPANY, description="Which companies get a count."
    )
    window_days: int = strawberry.field(default=365, description="The window, 1 to 3650 days.")
    free_hire_valid_days: int = strawberry.field(
        default=730, description="How long a free hire lasts, 1 to 3650 days."
    )
    open_links: OpenLinks = strawberry.field(
        default=OpenLinks.ALL, description="Which relay links count."
    )
    guarantee_days: int = strawberry.field(
        default=90, description="Who leaves within so many days has left early, 0 to 365."
    )
    refund_schedule: list[RefundStepInput] | None = strawberry.field(
        default=None,
        description="What of a fee is owed back after an early exit: at most 12 steps by ascending "
        "days, the last of them `guaranteeDays`. Where silent 80 percent up to 30 days, then 50.",
    )
    grace_days: int = strawberry.field(
        default=180, description="How long the balance of a company that leaves lasts, 0 to 3650."
    )
    link_limit: int = strawberry.field(
        default=100,
        description="More registrations through one link within ten minutes are held, 1 to 100000.",
    )
    device_limit: int = strawberry.field(
        default=10,
        description="More registrations from one device within a day are held, 1 to 1000.",
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="What became of the version.")
class ProgramVersionPayload(Payload):
    """The version, or why not."""

    program_version: ProgramVersion | None = strawberry.field(
        default=None, description="The published version."
    )


@strawberry.type
class ProgramMutation:
    """What consortium admins do with the rules."""

    @mutation(
        Permission.MANAGE_PROGRAM,
        description="Publish the next version of the rules. What happened before stays judged by "
        "the version of its day.",
    )
    async def publish_program_version(
        self,
        info: strawberry.Info[Context],
        input: Annotated[PublishProgramVersionInput, strawberry.argument(description="The rules.")],
    ) -> ProgramVersionPayload:
        """The new version."""
        values = {name: value for name, value in vars(input).items() if name != "idempotency_key"}
        # An id of no agency is looked for like any other, and not found.
        values["default_agency_id"] = key_of(input.default_agency_id, "Agency") or uuid.UUID(int=0)
        if input.refund_schedule is not None:
            values["refund_schedule"] = [
                rules.RefundStep(step.days, step.percent) for step in input.refund_schedule
            ]
        return await perform_once(
            info.context,
            ProgramVersionPayload,
            key=input.idempotency_key,
            command=lambda: operations.PublishProgramVersion(**values),
            operation=operations.publish_program_version,
            thing="program_version",
            type_name="ProgramVersion",
        )
