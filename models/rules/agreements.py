"""What keeps a candidate's answer to an introduction from taking effect."""

from __future__ import annotations

from models.errors import DomainError
from models.vocabulary.text import Text


class IntroductionClosed(DomainError):
    """The time to answer has passed, or one of the two sides may no longer take part."""

    code = "INTRODUCTION_CLOSED"
    text = Text(
        ja="この紹介は締め切られました。引き続きご希望の場合は担当の人材紹介会社にご連絡ください。",
        en="This introduction is closed. If you are still interested, tell your agency.",
    )


class CompanyExcluded(DomainError):
    """The candidate has said never to be shown to this company."""

    code = "COMPANY_EXCLUDED"
    text = Text(
        ja="この企業は「知らせない企業」に入っています。進めるには、先にその設定を解除してください。",
        en="You asked not to be shown to this company. Take that back first, if you want to go on.",
    )


class AgencyStillSupports(DomainError):
    """An agency that looks after the candidate cannot be kept from seeing them meanwhile."""

    code = "AGENCY_STILL_SUPPORTS"
    text = Text(
        ja="この会社は現在あなたを支援しています。知らせないようにするには、支援を終了してください。",
        en="This agency is supporting you now. To keep it from seeing you, end its support.",
    )


class ConsentNeedsAnotherWay(DomainError):
    """The consent ends together with what it is for."""

    code = "CONSENT_NEEDS_ANOTHER_WAY"
    text = Text(
        ja="この同意は、支援の終了によって撤回されます。",
        en="This consent ends when you end the support.",
    )
