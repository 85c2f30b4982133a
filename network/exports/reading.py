"""From a question to all that its file is made of, as whoever asks is told it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from models.access import Actor
from models.errors import NotFound
from models.reads.flow_sources import flow_sources_by_id
from models.reads.members import consortium_of
from models.reads.network_exports import Member, network_members
from models.rules.flows import Level, local_day
from models.rules.lifecycles import OrganizationKind
from models.rules.network_exports import NetworkExport
from models.session import ReadSession
from models.vocabulary.industries import DIVISIONS
from models.vocabulary.prefectures import PREFECTURES
from models.vocabulary.text import Text
from network.edges import Window, told_table
from network.exports.contents import UNDATED, Network, NodeFacts, month_text, span_of
from network.flow import Node
from network.sources import source_table
from network.table import FlowTable

IdOf = Callable[[OrganizationKind, uuid.UUID], str]
"""The id by which the API knows an organization."""

UNKNOWN_GROUP = Text("不明", "unknown")


async def read_network(
    read: ReadSession, actor: Actor, export: NetworkExport, *, id_of: IdOf
) -> Network:
    """The network of an export. ``id_of`` gives the nodes their ids; names are in the actor's
    language where there are two. Raises `NotFound` for a source that is there no more.
    """
    if export.source_id is not None:
        return await _read_source(read, actor, export, export.source_id)
    consortium = await consortium_of(read, actor)
    members = await network_members(read, actor)
    today = local_day(read.now, consortium.time_zone)
    table = await told_table(
        read,
        actor.consortium_id,
        Window(export.first, export.last),
        today=today,
        own_id=actor.organization_id,
        channels=export.channels,
        events=export.events,
    )
    title = Text(f"{consortium.name} 人材の流れ", f"{consortium.name}, flow network")
    rounding = Text(
        f"他社どうしの数は、終わった月ごとに丸めています（最小の数は現在{consortium.smallest_count}）。",
        "Numbers between others are rounded by closed month (the smallest count is now "
        f"{consortium.smallest_count}).",
    )

    def made() -> Network:
        grouped, facts = _nodes(table, members, export.level, actor.locale, id_of)
        return Network.of(
            grouped,
            facts,
            title=title.in_(actor.locale),
            note=_note(export, table, rounding).in_(actor.locale),
            made_on=today,
        )

    # Thousands of names take longer than the event loop should wait.
    return await asyncio.to_thread(made)


async def _read_source(
    read: ReadSession, actor: Actor, export: NetworkExport, source_id: uuid.UUID
) -> Network:
    """The network of an imported source, whose nodes are names. What it does not date is undated
    here too, and not in the window's first month.
    """
    source = (await flow_sources_by_id(read, actor, [source_id])).get(source_id)
    if source is None:
        raise NotFound("source", what="flow source")
    window = Window(export.first, export.last)
    found = await source_table(read, actor.consortium_id, source_id, window)
    table = found.where(channels=export.channels, events=export.events)
    if source.first_day is None:
        table = replace(table, month=np.full_like(table.month, UNDATED))
    rounding = Text(
        f"数は{source.smallest_count}の倍数です。",
        f"Numbers are multiples of {source.smallest_count}.",
    )
    today = local_day(read.now, (await consortium_of(read, actor)).time_zone)
    note = _note(export, table, rounding).in_(actor.locale)
    return await asyncio.to_thread(
        Network.of, table, {}, title=source.label, note=note, made_on=today
    )


def _nodes(
    table: FlowTable,
    members: Mapping[uuid.UUID, Member],
    level: Level,
    locale: str,
    id_of: IdOf,
) -> tuple[FlowTable, Mapping[Node, NodeFacts]]:
    """The table between nodes of a level, and what is said of each."""
    if level is not Level.ORGANIZATION:
        group_of, names = _groups(members, level)
        groups: dict[Node, NodeFacts] = {
            code: NodeFacts(code or "unknown", name.ja, name.en) for code, name in names.items()
        }
        return table.grouped(group_of), groups
    seen = set(table.nodes)
    return table, {
        key: _facts(id_of(one.kind, key), one, locale)
        for key, one in members.items()
        if key in seen
    }


def _facts(id_: str, member: Member, locale: str) -> NodeFacts:
    industry = DIVISIONS.get(member.industry or "")
    prefecture = PREFECTURES.get(member.prefecture or "")
    return NodeFacts(
        id_,
        member.name,
        name_en=member.name_en,
        kind=member.kind.value,
        industry=member.industry,
        industry_name=industry and industry.name.in_(locale),
        prefecture=member.prefecture,
        prefecture_name=prefecture and prefecture.name.in_(locale),
    )


def _groups(
    members: Mapping[uuid.UUID, Member], level: Level
) -> tuple[dict[Node, str | None], dict[str | None, Text]]:
    """The group of each organization, None where it is unknown, and what each is called."""
    names: dict[str | None, Text] = {None: UNKNOWN_GROUP}
    if level is Level.INDUSTRY_DIVISION:
        names |= {code: one.name for code, one in DIVISIONS.items()}
        return {key: one.industry for key, one in members.items()}, names
    names |= {code: one.name for code, one in PREFECTURES.items()}
    return {key: one.prefecture for key, one in members.items()}, names


def _note(export: NetworkExport, table: FlowTable, rounding: Text) -> Text:
    span = span_of(table)
    told = (
        Text("月のある流れはありません。", "Nothing that is dated.")
        if span is None
        else Text(
            f"{month_text(span[0])}から{month_text(span[1])}まで。",
            f"From {month_text(span[0])} to {month_text(span[1])}.",
        )
    )
    channels = "*" if export.channels is None else ", ".join(sorted(export.channels))
    events = "*" if export.events is None else ", ".join(sorted(export.events))
    return Text(
        f"{told.ja} {rounding.ja}"
        f"期間 {export.first}〜{export.last}、経路 {channels}、出来事 {events}。",
        f"{told.en} {rounding.en} "
        f"Days {export.first} to {export.last}, channels {channels}, events {events}.",
    )
