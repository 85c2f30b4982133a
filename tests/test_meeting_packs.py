"""What a meeting's figures must not say: what rounding hides, by hash, by overlap or by verdict."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from models.access import Role
from models.operations.frozen import freeze_past
from models.operations.meeting_packs import PrepareMeeting, prepare_meeting
from models.rules.comparisons import Figure, Verdict
from models.rules.lifecycles import Channel, ReferralStatus
from models.rules.meeting_figures import Days
from models.rules.meeting_packs import Flow, Pack, Pair, canonical_of, document_of, seen_pack
from models.rules.meetings import MonthNotFrozen
from models.vocabulary.text import Text
from network.edges import Window, told_edges
from network.meetings import TELLING
from tests.handovers import run
from tests.meetings import figures, prepared, scheduled
from tests.partners import admin
from tests.test_meetings import played, refused
from tests.world import World

D = ReferralStatus.DELIVERED
A, B, C = (UUID(int=number) for number in (1, 2, 3))
MARCH = Days(date(2026, 2, 15), date(2026, 4, 9))
MAY = Days(date(2026, 4, 10), date(2026, 6, 9))


async def test_no_reader_can_try_what_it_is_not_told_by_the_check_value(world: World) -> None:
    """Not even one that guesses the whole document right: the key is not its own to know."""
    partnership_id, third = await played(world)
    world.clock.forward(days=10)
    meeting_id = await prepared(world, partnership_id)
    told = await figures(world, world.actor(third, Role.VIEWER), meeting_id)
    guessed = canonical_of(document_of(told.seen.pack))
    assert guessed == canonical_of(told.row.document)
    assert told.row.hash != hashlib.sha256(guessed.encode()).digest()
    vault = world.database.vault
    assert told.row.hash == vault.blind("meeting-pack", world.consortium_id, guessed)


async def test_a_month_is_told_once_it_is_frozen(world: World) -> None:
    """What is prepared before would go without it for ever."""
    partnership_id, _ = await played(world)
    actor, chief = admin(world, world.company), admin(world, None)
    ours, of_all = await scheduled(world, partnership_id), await scheduled(world, None)
    world.clock.now = datetime(2026, 1, 31, 15, 30, tzinfo=UTC)  # In Japan the first of February.
    assert await freeze_past(world.database) == 0
    command = PrepareMeeting(of_all, TELLING)
    await refused(world, MonthNotFrozen, prepare_meeting, chief, command)
    # The partnership began within January, which is told in no figures of its.
    await run(world, prepare_meeting, actor, PrepareMeeting(ours, TELLING))
    assert (await figures(world, actor, ours)).row.told_through is None
    world.clock.forward(minutes=30)
    assert await freeze_past(world.database) == 1
    await run(world, prepare_meeting, chief, command)
    assert (await figures(world, chief, of_all)).row.told_through == date(2026, 1, 31)


async def test_only_cells_between_the_parties_are_read(world: World) -> None:
    await played(world)
    world.clock.forward(days=30)
    await freeze_past(world.database)
    days, today = Days(date(2026, 1, 1), date(2026, 2, 4)), date(2026, 2, 5)
    async with world.database.read() as read:
        whole = await told_edges(
            read, world.consortium_id, Window(days.first, days.last), today=today
        )
        parties = {world.company.id, world.other_company.id}
        ours, of_all = [
            await TELLING.figures(read, world.consortium_id, days, today=today, parties=which)
            for which in (parties, None)
        ]
    between = [one for one in whole if {one.from_id, one.to_id} <= parties]
    assert sorted(
        (c.giver_id, c.receiver_id, c.channel, c.event, c.referrals) for c in ours.cells
    ) == ([(e.from_id, e.to_id, e.channel, e.event, e.referrals) for e in between])
    assert sum(one.referrals for one in of_all.cells) == sum(one.referrals for one in whole)
    assert {(one.giver_id, one.receiver_id) for one in of_all.cells} == {(None, None)}


def pack(days: Days, through: date | None, exact: int, told: int) -> Pack:
    """What the first gave to the second."""
    pair = Pair(A, B, {D: exact}, {D: told} if through else None, {}, (), {})
    names = {one: Text("社", "Company") for one in (A, B, C)}
    return Pack(days, through, 3, names, pairs=(pair,))


def verdicts(before: Pack, after: Pack, reader: UUID | None) -> dict[Figure, Verdict]:
    return {one.figure: one.verdict for one in seen_pack(after, before, reader).changes}


def test_a_change_of_others_is_what_whole_months_tell() -> None:
    """Of packs that are told alike it says the same, whatever the days of open months hold."""
    before = pack(MARCH, date(2026, 3, 31), exact=3, told=3)
    for exact in (30, 3, 0):
        after = pack(MAY, date(2026, 5, 31), exact, told=30)
        for reader in (C, None):
            found = verdicts(before, after, reader)
            assert found[Figure.HANDED_OVER] is Verdict.ROSE
            assert found[Figure.ANSWERED_IN_TIME] is Verdict.NOT_MEASURED
            assert {one.numbers for one in seen_pack(after, before, reader).changes} == {None}
    own = seen_pack(pack(MAY, date(2026, 5, 31), 3, 30), before, A).changes[0]
    assert own.numbers is not None
    assert (own.numbers.before.part, own.numbers.after.part) == (3, 3)
    untold = pack(MAY, None, exact=300, told=0)
    assert verdicts(before, untold, None)[Figure.HANDED_OVER] is Verdict.NOT_MEASURED
    assert verdicts(before, untold, A)[Figure.HANDED_OVER] is Verdict.ROSE


def test_a_change_of_a_consortium_is_of_what_passed_between_organizations() -> None:
    def whole(days: Days, through: date, *numbers: int) -> Pack:
        channels = (Channel.PARTNER_SHARE, Channel.AGENCY_INTRODUCTION, Channel.RELAY_LINK)
        flows = (Flow(one, D, n) for one, n in zip(channels, numbers, strict=True))
        return Pack(days, through, 3, {}, flows=tuple(flows))

    before = whole(MARCH, date(2026, 3, 31), 3, 0, 900)
    after = whole(MAY, date(2026, 5, 31), 30, 30, 0)
    assert verdicts(before, after, A) == {
        Figure.HANDED_OVER: Verdict.ROSE,
        Figure.HIRES: Verdict.NOT_MEASURED,
    }
    assert verdicts(before, replace(after, told_through=None), A) == dict.fromkeys(
        (Figure.HANDED_OVER, Figure.HIRES), Verdict.NOT_MEASURED
    )
