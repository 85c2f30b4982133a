"""What a pack's page and its PDF say, in one language: headings, sentences, tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from models.reads.meetings import SeenDecision, SeenFigures, SeenMeeting
from models.rules.comparisons import FIGURE_NAMES
from models.rules.decision_effects import effect_in_words, seen_effect, seen_in_words
from models.rules.ledger import Unit
from models.rules.lifecycles import Channel, ReferralStatus
from models.rules.meeting_packs import EVENTS, SeenPack
from models.rules.meeting_words import left_in_words, pack_in_words, percent
from models.vocabulary.text import Text
from tasuki.workers.letters import local

NOT_TOLD = "–"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the first column names the row."""

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Block:
    """One part: a heading, sentences and perhaps a table."""

    title: str
    sentences: Sequence[str] = ()
    grid: Grid | None = None


@dataclass(frozen=True, slots=True)
class PackContent:
    """The whole of it."""

    locale: str
    title: str
    subtitle: str
    blocks: Sequence[Block]
    footer: str


@dataclass(frozen=True, slots=True)
class PackFacts:
    """What is read for it, as one reader may."""

    meeting: SeenMeeting
    of: str | None
    figures: SeenFigures
    earlier: Sequence[SeenDecision]
    reader_id: UUID | None
    time_zone: str


_EVENTS = {
    ReferralStatus.PROPOSED: Text("打診", "Offered"),
    ReferralStatus.REQUESTED: Text("依頼", "Asked for"),
    ReferralStatus.AGREED: Text("本人の同意", "Agreed"),
    ReferralStatus.DELIVERED: Text("引き渡し", "Handed over"),
    ReferralStatus.ACCEPTED: Text("選考へ", "Taken up"),
    ReferralStatus.INTERVIEWING: Text("面接", "Interviewing"),
    ReferralStatus.OFFERED: Text("内定", "Offer made"),
    ReferralStatus.HIRED: Text("採用", "Hired"),
    ReferralStatus.DECLINED: Text("見送り", "Declined"),
    ReferralStatus.WITHDRAWN: Text("辞退", "Withdrawn"),
    ReferralStatus.RECALLED: Text("取り下げ", "Recalled"),
    ReferralStatus.EXPIRED: Text("期限切れ", "Expired"),
    ReferralStatus.NO_SUITABLE_OPENING: Text("求人なし", "No opening"),
}
_CHANNELS = {
    Channel.RELAY_LINK: Text("専用リンク", "Relay link"),
    Channel.AGENCY_INTRODUCTION: Text("人材紹介", "Agency introduction"),
    Channel.PARTNER_SHARE: Text("提携先への紹介", "Between partners"),
}
_UNITS = {
    Unit.COUNT: Text("ボーナスカウント{n}", "bonus counts: {n}"),
    Unit.FREE_HIRE: Text("無料採用枠{n}", "free hires: {n}"),
    Unit.REWARD: Text("{n:,}円", "{n:,} yen"),
}


def content_of(facts: PackFacts, locale: str) -> PackContent:
    """The pack in one language."""
    return _Writer(facts, locale).content()


class _Writer:
    """Says one reader's pack in one language."""

    def __init__(self, facts: PackFacts, locale: str) -> None:
        self.facts = facts
        self.locale = locale
        self.seen: SeenPack = facts.figures.seen
        self.names = self.seen.pack.names

    def content(self) -> PackContent:
        meeting, row = self.facts.meeting.row, self.facts.figures.row
        at = local(meeting.starts_at, self.facts.time_zone, self.locale)
        prepared = local(row.prepared_at, self.facts.time_zone, self.locale)
        of = self.facts.of or self.say("コンソーシアム全体", "The whole consortium")
        blocks = [
            Block(
                self.say("要点", "In short"),
                [sentence.in_(self.locale) for sentence in pack_in_words(self.seen)],
            ),
            *self._agenda(),
            *self._exchanges(),
            *self._flows(),
            *self._shares(),
            *self._stays(),
            *self._changes(),
            *self._earlier(),
            *self._suggestions(),
        ]
        return PackContent(
            locale=self.locale,
            title=self.say("定例会資料：{title}", "Meeting pack: {title}", title=meeting.title),
            subtitle=f"{of}　{at}" if self.locale != "en" else f"{of}, {at}",
            blocks=blocks,
            footer=self.say(
                "{prepared} に固定　確認用の値 {hash}",
                "Frozen at {prepared}. Check value {hash}",
                prepared=prepared,
                hash=row.hash.hex()[:16],
            ),
        )

    def say(self, ja: str, en: str, **values: object) -> str:
        return Text(ja, en).in_(self.locale).format(**values)

    def name(self, key: UUID) -> str:
        return self.names[key].in_(self.locale)

    def _agenda(self) -> Iterable[Block]:
        agenda = self.facts.meeting.row.agenda
        if agenda:
            yield Block(self.say("議題", "Agenda"), agenda.split("\n"))

    def _exchanges(self) -> Iterable[Block]:
        if not self.seen.pairs:
            return
        header = [
            self.say("紹介元 → 紹介先", "From → to"),
            *(_EVENTS[event].in_(self.locale) for event in EVENTS),
            self.say("報酬", "Rewards"),
        ]
        rows = [
            [
                f"{self.name(one.giver_id)} → {self.name(one.receiver_id)}",
                *(_number(one.counts[event]) for event in EVENTS),
                self._rewards(one.rewards),
            ]
            for one in self.seen.pairs
        ]
        title = self.say("渡した数と受け取った数", "Given and taken")
        dashes = self.say(
            "「–」は、貴社には伝えられない数か、終わった月がまだない数です。",
            "“–” is what is not told to you, or not yet.",
        )
        has_dashes = any(NOT_TOLD in row for row in rows)
        yield Block(title, [dashes] if has_dashes else [], Grid(title, header, rows))

    def _rewards(self, rewards: object) -> str:
        if not isinstance(rewards, dict):
            return NOT_TOLD
        told = [
            _UNITS[unit].in_(self.locale).format(n=rewards[unit])
            for unit in Unit
            if unit in rewards
        ]
        return self.say("、", ", ").join(told) or self.say("なし", "none")

    def _flows(self) -> Iterable[Block]:
        if not self.seen.pack.flows:
            return
        title = self.say("経路ごとの流れ", "Flows by channel")
        header = [
            self.say("経路", "Channel"),
            self.say("状態", "State"),
            self.say("件数", "Number"),
        ]
        rows = [
            [
                _CHANNELS[one.channel].in_(self.locale),
                _EVENTS[one.event].in_(self.locale),
                _number(one.referrals),
            ]
            for one in self.seen.pack.flows
        ]
        yield Block(title, grid=Grid(title, header, rows))

    def _shares(self) -> Iterable[Block]:
        if not self.seen.shares:
            return
        title = self.say("割合", "Conversions")
        header = [
            self.say("指標", "Figure"),
            self.say("件数", "Number"),
            self.say("割合", "Share"),
            self.say("95%の幅", "95% interval"),
        ]
        rows = [
            [
                FIGURE_NAMES[one.figure].in_(self.locale),
                f"{one.part} / {one.whole}",
                percent(one.part / one.whole),
                f"{percent(one.interval.low)}–{percent(one.interval.high or 0.0)}",
            ]
            for one in self.seen.shares
        ]
        yield Block(title, grid=Grid(title, header, rows))

    def _stays(self) -> Iterable[Block]:
        if not self.seen.stays:
            return
        title = self.say("定着", "Who stayed")
        header = [
            self.say("紹介元 → 採用した企業", "From → hired by"),
            self.say("節目", "Milestone"),
            self.say("対象", "Due"),
            self.say("それまでに退職", "Left before"),
        ]
        rows = [
            [
                f"{self.name(one.giver_id)} → {self.name(one.receiver_id)}",
                self.say("{n}日", "{n} days", n=one.days),
                str(one.due),
                left_in_words(one).in_(self.locale),
            ]
            for one in self.seen.stays
        ]
        yield Block(title, grid=Grid(title, header, rows))

    def _changes(self) -> Iterable[Block]:
        if self.seen.changes:
            yield Block(
                self.say("前回からの変化", "What changed since the last meeting"),
                [seen_in_words(one).in_(self.locale) for one in self.seen.changes],
            )

    def _earlier(self) -> Iterable[Block]:
        if not self.facts.earlier:
            return
        title = self.say("前回の決定とその効果", "The last meeting's decisions, and their effects")
        header = [
            self.say("決定", "Decision"),
            self.say("担当と期日", "Owner and date"),
            self.say("効果", "Effect"),
        ]
        rows = [
            [f"{one.row.number}. {one.row.text}", self._owner(one), self._effect(one)]
            for one in self.facts.earlier
        ]
        yield Block(title, grid=Grid(title, header, rows))

    def _owner(self, one: SeenDecision) -> str:
        owner = one.row.owner_id
        of = self.names[owner].in_(self.locale) if owner in self.names and owner else None
        day = one.row.due_on.isoformat() if one.row.due_on else None
        return " ".join(filter(None, (of, one.row.owner_name, day))) or NOT_TOLD

    def _effect(self, one: SeenDecision) -> str:
        if one.row.figure is None:
            return self.say("測る指標なし", "Nothing to measure")
        if one.effect is None:
            return self.say("まだ測っていません", "Not measured yet")
        told = seen_effect(one.effect, self.facts.reader_id)
        return effect_in_words(one.effect, told).in_(self.locale)

    def _suggestions(self) -> Iterable[Block]:
        if not self.seen.considered:
            return
        title = self.say("検討したい提携先", "Partners to consider")
        header = [
            self.say("企業（理由の「貴社」）", "Company (“your company” in the reasons)"),
            self.say("候補", "Could be a partner"),
            self.say("理由", "Why"),
        ]
        rows = [
            [
                self.name(one.company_id),
                one.name.in_(self.locale),
                self.say("。", ". ").join(reason.in_(self.locale) for reason in one.reasons),
            ]
            for one in self.seen.considered
        ]
        yield Block(title, grid=Grid(title, header, rows))


def _number(number: int | None) -> str:
    return NOT_TOLD if number is None else f"{number:,}"
