"""Which terms of partnerships a consortium allows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from models.errors import DomainError, Forbidden
from models.rules.bounds import require_between
from models.rules.partnerships import (
    NOTICE_DAYS_MAX,
    SHARED_DAYS_MAX,
    TermsOffered,
    check_categories,
    check_fields,
)
from models.rules.sharing import ALL_FIELDS, CandidateField
from models.vocabulary.job_categories import JOB_CATEGORIES
from models.vocabulary.text import Text


class PolicyBreach(StrEnum):
    """What of some terms the policy does not allow."""

    FIELDS = "FIELDS"
    CATEGORIES = "CATEGORIES"
    SHARED_DAYS = "SHARED_DAYS"
    NOTICE_DAYS = "NOTICE_DAYS"
    REWARDS = "REWARDS"


class OutsidePolicy(DomainError):
    """The terms are outside what the consortium allows."""

    code = "OUTSIDE_POLICY"
    text = Text(ja="{ja}", en="{en}")


class ProposalsByConsortium(Forbidden):
    """Companies do not propose partnerships by themselves here."""

    text = Text(
        ja="このコンソーシアムでは、提携の提案はコンソーシアム運営が行います。運営にご依頼ください。",
        en="Here the consortium's administrators propose partnerships. Ask them to.",
    )


@dataclass(frozen=True, slots=True)
class TermsPolicy:
    """What terms may say. Where nothing was ever set, everything that terms can say."""

    fields: tuple[CandidateField, ...] = ALL_FIELDS
    categories: tuple[str, ...] = ()
    """For which job categories; none means for all."""
    shared_days_max: int = SHARED_DAYS_MAX
    notice_days_min: int = 0
    rewards_allowed: bool = True
    companies_may_propose: bool = True


def check_policy(policy: TermsPolicy) -> TermsPolicy:
    """The policy, each field and category once and in order. Raises `InvalidInput`."""
    return TermsPolicy(
        check_fields(policy.fields, "fields"),
        check_categories(policy.categories, "categories"),
        require_between("sharedDaysMax", policy.shared_days_max, 1, SHARED_DAYS_MAX),
        require_between("noticeDaysMin", policy.notice_days_min, 0, NOTICE_DAYS_MAX),
        policy.rewards_allowed,
        policy.companies_may_propose,
    )


def breaches(policy: TermsPolicy, terms: TermsOffered) -> tuple[PolicyBreach, ...]:
    """What of the terms is outside the policy; empty where they are within."""
    found = {
        PolicyBreach.FIELDS: not set(terms.fields) <= set(policy.fields),
        PolicyBreach.CATEGORIES: not _within(terms.categories, policy.categories),
        PolicyBreach.SHARED_DAYS: terms.shared_days > policy.shared_days_max,
        PolicyBreach.NOTICE_DAYS: terms.notice_days < policy.notice_days_min,
        PolicyBreach.REWARDS: bool(terms.rewards) and not policy.rewards_allowed,
    }
    return tuple(breach for breach, is_so in found.items() if is_so)


def _within(asked: Collection[str], allowed: Collection[str]) -> bool:
    """Whether terms for these categories, none meaning all, are for allowed ones alone."""
    return not allowed or (bool(asked) and set(asked) <= set(allowed))


_PATHS = {
    PolicyBreach.FIELDS: "fields",
    PolicyBreach.CATEGORIES: "categories",
    PolicyBreach.SHARED_DAYS: "sharedDays",
    PolicyBreach.NOTICE_DAYS: "noticeDays",
    PolicyBreach.REWARDS: "rewards",
}


def require_within(policy: TermsPolicy, terms: TermsOffered, *path: str) -> None:
    """Raise `OutsidePolicy`, with its place under ``path``, for terms outside the policy."""
    for breach in breaches(policy, terms):
        words = _what_to_do(policy, breach)
        raise OutsidePolicy(*path, _PATHS[breach], ja=words.ja, en=words.en)


def require_acceptable(policy: TermsPolicy, terms: TermsOffered) -> None:
    """Raise `OutsidePolicy` for terms that were proposed before the policy became narrower."""
    if breaches(policy, terms):
        raise OutsidePolicy(
            "id",
            ja="この条件は、提案の後に変わったコンソーシアムの方針に合いません。却下して、"
            "方針に合う条件を提案し直してください。",
            en="The consortium's policy changed after these terms were proposed, and no longer "
            "allows them. Reject them, and propose others within it.",
        )


def _what_to_do(policy: TermsPolicy, breach: PolicyBreach) -> Text:
    if breach is PolicyBreach.FIELDS:
        allowed = ", ".join(field.value for field in policy.fields)
        return Text(
            f"コンソーシアムの方針で見せてよい項目は {allowed} です。ほかの項目を外してください。",
            f"The consortium allows the fields {allowed}. Leave out the others.",
        )
    if breach is PolicyBreach.CATEGORIES:
        names = [JOB_CATEGORIES[code].name for code in policy.categories]
        return Text(
            "コンソーシアムの方針で認める職種だけを選んでください："
            + "・".join(name.ja for name in names),
            "Choose only the job categories that the consortium allows: "
            + ", ".join(name.en for name in names),
        )
    if breach is PolicyBreach.SHARED_DAYS:
        return Text(
            f"コンソーシアムの方針により、閲覧期間は{policy.shared_days_max}日以下にしてください。",
            f"The consortium allows at most {policy.shared_days_max} days. Give no more.",
        )
    if breach is PolicyBreach.REWARDS:
        return Text(
            "コンソーシアムの方針により、報酬条項は置けません。外してください。",
            "The consortium allows no rewards in terms. Leave them out.",
        )
    return Text(
        f"コンソーシアムの方針により、予告期間は{policy.notice_days_min}日以上にしてください。",
        f"The consortium asks for at least {policy.notice_days_min} days of notice. Give no fewer.",
    )
