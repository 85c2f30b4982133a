"""What a company's savings say, in words."""

from __future__ import annotations

from models.rules.savings import ASSUMPTION_NAMES, Needed, Savings
from models.vocabulary.text import Text


def savings_in_words(found: Savings) -> Text:
    """What was saved and how far the cost of hiring fell, or what is missing to say so."""
    if found.saved_yen is None:
        return Text(
            "節約額はまだ計算できません。必要な前提が入力されていません。",
            "What was saved cannot be told yet: an assumption that it rests on is not stated.",
        )
    people = "1 person" if found.hires == 1 else f"{found.hires:,} people"
    saved = Text(
        f"ネットワークを通じた{found.hires:,}名の採用で、{found.saved_yen:,}円を節約しました。",
        f"Hiring {people} through the network saved ¥{found.saved_yen:,}.",
    )
    if found.saved_yen < 0:
        saved = Text(
            f"ネットワークを通じた{found.hires:,}名の採用は、ネットワーク外よりも"
            f"{-found.saved_yen:,}円多くかかりました。",
            f"Hiring {people} through the network cost ¥{-found.saved_yen:,} more than outside it.",
        )
    if found.net_saved_yen is None:
        return Text(
            f"{saved.ja}参加費用が未入力のため、差し引きの額はまだ分かりません。",
            f"{saved.en} What taking part costs is not stated, so that the net is not known.",
        )
    net = Text(
        f"{saved.ja}参加費用を引くと{found.net_saved_yen:,}円です。",
        f"{saved.en} Net of taking part it is {yen_in_english(found.net_saved_yen)}.",
    )
    if found.reduction_percent is None:
        return net
    share = found.reduction_percent
    if share < 0:
        return Text(
            f"{net.ja}採用費用全体は{-share:g}％増えました。",
            f"{net.en} The cost of all hiring rose by {-share:g}%.",
        )
    return Text(
        f"{net.ja}採用費用全体は{share:g}％下がりました。",
        f"{net.en} The cost of all hiring fell by {share:g}%.",
    )


def yen_in_english(amount: int) -> str:
    """An amount with its sign before the currency's.

    >>> yen_in_english(-1200)
    '-¥1,200'
    """
    return f"-¥{-amount:,}" if amount < 0 else f"¥{amount:,}"


def needed_in_words(needed: Needed) -> Text:
    """Which assumption is missing, and from when on."""
    name = ASSUMPTION_NAMES[needed.assumption]
    return Text(f"{needed.first}以降の「{name.ja}」", f"{name.en}, from {needed.first} on")
