"""The changes that can be tried out, and what each of them takes for granted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeAlias

from models.vocabulary.text import Text
from network.flow import Node

PARTIES_MAX = 50
COUNTS_MAX = 1_000
RESPONSE_MAX = 10.0
UNKNOWN = "an organization is one of the table's, or a company that is known"


@dataclass(frozen=True, slots=True)
class AddPartnership:
    """Companies become partners; pairs among them that are partners already stay as they are."""

    parties: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class EndPartnership:
    """Companies share no more; ``rerouted_share`` of what they shared finds another partner."""

    parties: tuple[Node, ...]
    rerouted_share: float = 0.0


@dataclass(frozen=True, slots=True)
class LoseMember:
    """An organization leaves; ``rerouted_share`` of what passed through it finds another way."""

    member: Node
    rerouted_share: float = 0.0


@dataclass(frozen=True, slots=True)
class ChangeThreshold:
    """A free hire for ``to_counts`` counts; registrations grow by ``response_share`` of today's."""

    from_counts: int = 10
    to_counts: int = 8
    response_share: float = 0.0


Scenario: TypeAlias = AddPartnership | EndPartnership | LoseMember | ChangeThreshold


def check(scenario: Scenario, known: Collection[Node]) -> None:
    """Refuse a scenario that is out of bounds, or names an organization that is not known.

    Raises:
        ValueError: It is.
    """
    if isinstance(scenario, AddPartnership | EndPartnership):
        parties = set(scenario.parties)
        if not 2 <= len(parties) == len(scenario.parties) <= PARTIES_MAX:
            raise ValueError(f"a partnership has 2 to {PARTIES_MAX} parties, each named once")
        if not parties <= set(known):
            raise ValueError(UNKNOWN)
    if isinstance(scenario, LoseMember) and scenario.member not in known:
        raise ValueError(UNKNOWN)
    if isinstance(scenario, EndPartnership | LoseMember) and not (
        0 <= scenario.rerouted_share <= 1
    ):
        raise ValueError("the share that finds another way is between 0 and 1")
    if isinstance(scenario, ChangeThreshold):
        if not all(1 <= one <= COUNTS_MAX for one in (scenario.from_counts, scenario.to_counts)):
            raise ValueError(f"a free hire takes 1 to {COUNTS_MAX} counts")
        if not -1 <= scenario.response_share <= RESPONSE_MAX:
            raise ValueError(f"registrations grow by -1 to {RESPONSE_MAX} of today's")


ADDED = (
    Text(
        "新しい提携先どうしの紹介は、既にある提携のいずれかの組と同じように起こるとします。",
        "A new pair of partners shares as one of the pairs that are partners already, "
        "drawn at random.",
    ),
    Text(
        "新しい提携のために、ほかの経路の紹介が減ることはないとします。",
        "The new partnership takes nothing away from other channels.",
    ),
)
ENDED = Text(
    "提携の終了で止まるのは当事者どうしの紹介だけで、専用リンクと人材紹介会社の紹介は続きます。",
    "Only what the parties share with each other ends; relay links and agencies' introductions go "
    "on.",
)
LEFT = (
    Text(
        "その組織からの紹介も、その組織への紹介も、すべて止まるとします。",
        "Whatever that organization gave and took ends.",
    ),
    Text(
        "人材紹介会社の紹介は、専用リンクからの登録と同じ割合で減るとします。",
        "Agencies' introductions shrink by the part of all registrations that is lost with it.",
    ),
)
OWN_PARTNERSHIPS = Text(
    "分かっている提携は貴社が加わるものだけです。ほかの組はまだ提携していないものとし、"
    "割合は貴社の提携の実績によります。",
    "Of partnerships only your own are known: other pairs are taken to have none yet, and the rate "
    "is that of your partnerships.",
)
NO_COUNTS = Text(
    "企業が今持っているカウントは分からないため、すべて0から始めるとします。",
    "How many counts companies have on hand is not known: all begin with none.",
)
OWN_COUNTS = Text(
    "今持っているカウントが分かるのは貴社だけです。ほかの企業は0から始めるとします。",
    "Of counts on hand only your own are known: all others begin with none.",
)
THRESHOLD = (
    Text(
        "登録1件を1カウントとします。",
        "Each registration is taken as a count.",
    ),
    Text(
        "人材紹介会社の紹介は、登録の増減と同じ割合で増減するとします。",
        "Agencies' introductions grow or shrink as registrations do.",
    ),
    Text(
        "無料採用枠は、使われるかどうかにかかわらず、得られた数を数えています。",
        "Free hires are counted when they are earned, whether or not they are used.",
    ),
)


def assumptions_of(scenario: Scenario) -> tuple[Text, ...]:
    """What a scenario takes for granted, in words."""
    match scenario:
        case AddPartnership():
            return ADDED
        case EndPartnership(rerouted_share=share):
            return ENDED, _rerouted(share)
        case LoseMember(rerouted_share=share):
            return *LEFT, _rerouted(share)
        case ChangeThreshold(response_share=share):
            response = Text(
                f"しきい値の変更で、専用リンクからの登録は{share:+.0%}変わるとします。",
                f"The new threshold changes registrations through relay links by {share:+.0%}.",
            )
            return response, *THRESHOLD


def _rerouted(share: float) -> Text:
    return Text(
        f"失われる紹介の{share:.0%}は、同じ経路の別の相手に向かうとします。",
        f"Of what is lost, {share:.0%} finds another way through the same channel.",
    )
