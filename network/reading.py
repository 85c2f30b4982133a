"""Reading what questions are answered from, within one look at the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from models.reads.members import time_zone_of
from models.reads.network_nodes import network_nodes
from models.rules.flows import local_day
from models.session import ReadSession
from network.basis import Basis, JourneyBasis, in_places, journeys_in_places
from network.directory import Directory
from network.edges import Window, data_version, told_journeys, told_table
from network.questions import Question, Scope
from network.sources import source_table
from network.told_months import told_months


async def read_directory(read: ReadSession, scope: Scope) -> Directory:
    """Who the nodes are."""
    return Directory(await network_nodes(read, scope.consortium_id))


async def read_version(read: ReadSession, scope: Scope) -> str:
    """What changes exactly when an answer could."""
    return await data_version(
        read, scope.consortium_id, own_id=scope.own_id, source=scope.source_id
    )


async def reached(read: ReadSession, question: Question) -> Question:
    """The question without days to come, which are no days on which nobody passed: of an
    organization's, whose own rows are told to the day. One of such days alone stays as it is.
    """
    scope, window = question.scope, question.scope.window
    if scope.own_id is None:
        return question
    today = await _today(read, scope)
    if not window.first <= today < window.last:
        return question
    return replace(question, scope=replace(scope, window=Window(window.first, today)))


async def read_basis(read: ReadSession, scope: Scope) -> Basis:
    """The cells of a scope."""
    today = await _today(read, scope)
    if scope.source_id is not None:
        table = await source_table(read, scope.consortium_id, scope.source_id, scope.window)
        months: Window | None = scope.window
    else:
        table = await told_table(
            read, scope.consortium_id, scope.window, today=today, own_id=scope.own_id
        )
        months = await told_months(read, scope.consortium_id, scope.window, today=today)
    keys, moved = in_places(table)
    return Basis(await read_version(read, scope), months, keys, moved)


async def read_journeys(read: ReadSession, scope: Scope) -> JourneyBasis:
    """The journeys of a scope."""
    today = await _today(read, scope)
    table = await told_journeys(
        read, scope.consortium_id, scope.window, today=today, own_id=scope.own_id
    )
    months = await told_months(read, scope.consortium_id, scope.window, today=today)
    keys, moved = journeys_in_places(table)
    return JourneyBasis(await read_version(read, scope), months, keys, moved)


async def _today(read: ReadSession, scope: Scope) -> date:
    return local_day(read.now, await time_zone_of(read, scope.consortium_id))
