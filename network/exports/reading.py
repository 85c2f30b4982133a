"""From a question to all that its file is made of, as whoever asks is told it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping

from models.access import Actor
from models.reads.members import consortium_of
from models.reads.network_exports import Member, network_members
from models.rules.flows import local_day
from models.rules.lifecycles import OrganizationKind
from models.rules.network_exports import NetworkExport, NetworkLevel
from models.session import ReadSession
from models.tables.consortium import Consortium
from models.vocabulary.industries import DIVISIONS
from models.vocabulary.prefectures import PREFECTURES
from models.vocabulary.text import Text
from network.edges import Window, told_table
from network.exports.contents import Network, NodeFacts, month_text, span_of
from network.flow import Node
from network.table import FlowTable

IdOf = Callable[[OrganizationKind, uuid.UUID], str]
"""The id by which the API knows an organization."""

UNKNOWN_GROUP = Text("不明", "unknown")


async def read_network(
    read: ReadSession, actor: Actor, export: NetworkExport, *, id_of: IdOf
) -> Network:
    """The network of an export. ``id_of`` gives the nodes their ids; names are in the actor's
    language where there are two.
    """
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
    facts: Mapping[Node, NodeFacts]
    if export.level is NetworkLevel.ORGANIZATION:
        facts = {
            key: _facts(id_of(one.kind, key), one, actor.locale) for key, one in members.items()
        }
    else:
        group_of, names = _groups(members, export.level)
        table = table.grouped(group_of)
        facts = {
            code: NodeFacts(code or "unknown", text.ja, text.en) for code, text in names.items()
        }
    title = Text(f"{consortium.name} 人材の流れ", f"{consortium.name}, flow network")
    return Network.of(
        table,
        facts,
        title=title.in_(actor.locale),
        note=_note(export, consortium, table).in_(actor.locale),
        made_on=today,
    )


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
    members: Mapping[uuid.UUID, Member], level: NetworkLevel
) -> tuple[dict[Node, str | None], dict[str | None, Text]]:
    """The group of each organization, None where it is unknown, and what each is called."""
    names: dict[str | None, Text] = {None: UNKNOWN_GROUP}
    if level is NetworkLevel.INDUSTRY_DIVISION:
        names |= {code: one.name for code, one in DIVISIONS.items()}
        return {key: one.industry for key, one in members.items()}, names
    names |= {code: one.name for code, one in PREFECTURES.items()}
    return {key: one.prefecture for key, one in members.items()}, names


def _note(export: NetworkExport, consortium: Consortium, table: FlowTable) -> Text:
    span = span_of(table)
    told = (
        Text("該当する流れはありません。", "Nothing flowed.")
        if span is None
        else Text(
            f"{month_text(span[0])}から{month_text(span[1])}まで。",
            f"From {month_text(span[0])} to {month_text(span[1])}.",
        )
    )
    channels = "*" if export.channels is None else ", ".join(sorted(export.channels))
    events = "*" if export.events is None else ", ".join(sorted(export.events))
    count = consortium.smallest_count
    return Text(
        f"{told.ja} 他社どうしの数は、終わった月ごとに丸めています（最小の数は現在{count}）。"
        f"期間 {export.first}〜{export.last}、経路 {channels}、出来事 {events}。",
        f"{told.en} Numbers between others are rounded by closed month (the smallest count is now "
        f"{count}). Days {export.first} to {export.last}, channels {channels}, events {events}.",
    )
