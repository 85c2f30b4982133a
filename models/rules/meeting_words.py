"""What a pack says, in sentences that need no table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from models.rules.comparisons import FIGURE_NAMES, Verdict
from models.rules.decision_effects import seen_in_words
from models.rules.meeting_packs import PartySum, SeenPack, SeenShare, SeenStay
from models.vocabulary.text import Text


def pack_in_words(seen: SeenPack) -> list[Text]:
    """The most important of what a reader is told, one or two sentences each."""
    names = seen.pack.names
    return [
        _days(seen),
        *(_party(one, names) for one in seen.parties),
        *_reciprocity(seen),
        *(_share(one) for one in seen.shares),
        *_waiting(seen),
        *(_stay(one, names) for one in seen.stays),
        *(seen_in_words(one) for one in seen.changes if _is_telling(one.verdict)),
        *_rounding(seen),
    ]


def _is_telling(verdict: Verdict) -> bool:
    return verdict in (Verdict.ROSE, Verdict.FELL)


def _days(seen: SeenPack) -> Text:
    days = seen.pack.days
    return Text(
        f"{days.first}から{days.last}までの{days.number}日間の記録です。",
        f"These are the {days.number} days from {days.first} to {days.last}.",
    )


def _party(one: PartySum, names: Mapping[UUID, Text]) -> Text:
    name = names[one.company_id]
    return Text(
        f"{name.ja}は{one.gave}名を紹介し（うち採用{one.gave_hired}名）、"
        f"{one.took}名を受け取りました（うち採用{one.took_hired}名）。",
        f"{name.en} gave {one.gave} (hired: {one.gave_hired}) and took {one.took} "
        f"(hired: {one.took_hired}).",
    )


def _reciprocity(seen: SeenPack) -> Iterable[Text]:
    if seen.reciprocity is not None:
        share = percent(seen.reciprocity)
        yield Text(
            f"紹介のうち{share}が双方向につり合っています（100%なら完全に対等です）。",
            f"{share} of what was given is matched the other way (100% is even).",
        )


def _share(one: SeenShare) -> Text:
    name, share = FIGURE_NAMES[one.figure], percent(one.part / one.whole)
    low, high = percent(one.interval.low), percent(one.interval.high or 0.0)
    return Text(
        f"{name.ja}：{one.whole}名中{one.part}名（{share}、95%の幅は{low}から{high}）。",
        f"{name.en}: {one.part} of {one.whole} ({share}; 95% interval {low} to {high}).",
    )


def _waiting(seen: SeenPack) -> Iterable[Text]:
    if not seen.waits:
        return
    still = Text(
        f"{seen.waits}件のうち{seen.waits_open}件はまだ回答待ちです。",
        f"Of {seen.waits}, {seen.waits_open} still wait for an answer.",
    )
    if not seen.waits_open:
        still = Text(f"{seen.waits}件すべてに回答済みです。", f"All are answered ({seen.waits}).")
    if seen.wait_days is None:
        yield still
        return
    yield Text(
        f"受け取った側の回答までの日数は、中央値で{seen.wait_days}日です。{still.ja}",
        f"Half were answered within {seen.wait_days} days. {still.en}",
    )


def _stay(one: SeenStay, names: Mapping[UUID, Text]) -> Text:
    giver, receiver = names[one.giver_id], names[one.receiver_id]
    left = left_in_words(one)
    return Text(
        f"{giver.ja}から{receiver.ja}に入社し{one.days}日を迎えるはずだった{one.due}名のうち、"
        f"それまでに退職したのは{left.ja}です。",
        f"Of {one.due} from {giver.en} whose day {one.days} at {receiver.en} came, {left.en} had "
        "left before.",
    )


def left_in_words(one: SeenStay) -> Text:
    """How many left, as exactly as it is told."""
    if one.left_min == one.left_max:
        return Text(f"{one.left_min}名", f"{one.left_min}")
    if one.left_min == 0:
        return Text(f"{one.left_max + 1}名未満", f"fewer than {one.left_max + 1}")
    return Text(f"{one.left_min}名以上", f"{one.left_min} or more")


def _rounding(seen: SeenPack) -> Iterable[Text]:
    if all(one.is_exact for one in seen.pairs) and seen.pairs:
        return
    number = seen.pack.smallest_count
    if seen.pack.told_through is None:
        yield Text(
            "この期間に終わった月がないため、他社どうしの数は表示していません。",
            "No month ended in these days, so figures of others are not told.",
        )
        return
    of = Text("他社どうしの数", "Figures of others") if seen.pairs else Text("数", "Figures")
    yield Text(
        f"{of.ja}は、{seen.pack.told_through}までに終わった月について、"
        f"月ごとに{number}の倍数で表しています。",
        f"{of.en} are of months that were over by {seen.pack.told_through}, each a multiple of "
        f"{number}.",
    )


def percent(share: float) -> str:
    """A share in whole percent."""
    return f"{round(100 * share)}%"
