"""Who may be given which role, which passwords are good enough, how long a sign-in lasts."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from models.access import CONSORTIUM_ROLES, ORGANIZATION_ROLES, Role
from models.errors import DomainError, InvalidInput
from models.vocabulary.text import Text, vocabulary_key

PASSWORD_CHARS_MIN = 12
PASSWORD_CHARS_MAX = 200
PASSWORD_DISTINCT_CHARS_MIN = 4
USER_NAME_CHARS_MAX = 100
LOCALES = ("ja", "en")

SESSION_IDLE_HOURS = 12
SESSION_DAYS_MAX = 7
SESSION_RENEWED_AFTER_MINUTES = 30
INVITATION_DAYS = 7

SIGN_IN_ATTEMPTS_MAX = 10
SIGN_IN_WINDOW_MINUTES = 15
PASSWORD_RESETS_PER_WINDOW_MAX = 5
PASSWORD_RESET_WINDOW_MINUTES = 60
PASSWORD_RESET_MINUTES = 60

ADMIN_ROLES = frozenset({Role.ADMIN, Role.CONSORTIUM_ADMIN})


class SignInRefused(DomainError):
    """The address and the password do not belong together, or may not sign in."""

    code = "SIGN_IN_REFUSED"
    text = Text(
        ja="サインインできません。メールアドレスとパスワードをご確認ください。",
        en="Signing in did not work. Check the mail address and the password.",
    )


class TooManyAttempts(DomainError):
    """Too many failed attempts with one address."""

    code = "TOO_MANY_ATTEMPTS"
    text = Text(
        ja="試行回数が上限に達しました。{minutes}分ほど待ってからもう一度お試しください。",
        en="Too many attempts. Wait {minutes} minutes, then try again.",
    )


class InvitationInvalid(DomainError):
    """The invitation is unknown, used, replaced by a later one, or too old."""

    code = "INVITATION_INVALID"
    text = Text(
        ja="この招待は使用済みか期限切れです。管理者に再送をご依頼ください。",
        en="This invitation was used or has expired. Ask an administrator to send a new one.",
    )


class PasswordResetInvalid(DomainError):
    """The link to a new password is unknown, used, or too old."""

    code = "PASSWORD_RESET_INVALID"
    text = Text(
        ja="このリンクは使用済みか期限切れです。もう一度パスワードの再設定をお申し込みください。",
        en="This link was used or has expired. Ask for a new one.",
    )


class TooManyInvitations(DomainError):
    """Invitations are mails, and mails are bounded."""

    code = "TOO_MANY_INVITATIONS"
    text = Text(
        ja="招待メールの1日の上限に達しました。明日もう一度お試しください。",
        en="The number of invitations for one day is used up. Try again tomorrow.",
    )


class RoleNotAllowed(DomainError):
    """The role is not the actor's to give."""

    code = "ROLE_NOT_ALLOWED"
    text = Text(
        ja="この役割は付与できません。付与できるのは: {allowed}。",
        en="This role is not yours to give. You can give: {allowed}.",
    )


class LastAdmin(DomainError):
    """An organization, and the consortium, keeps at least one administrator."""

    code = "LAST_ADMIN"
    text = Text(
        ja="最後の管理者です。先にほかの方を管理者にしてください。",
        en="This is the last administrator. Make someone else one first.",
    )


class PersonNeeded(DomainError):
    """Something only a person who has signed in can do, not an API token."""

    code = "PERSON_NEEDED"
    text = Text(
        ja="この操作はAPIトークンではできません。サインインして行ってください。",
        en="An API token cannot do this. Sign in as a person.",
    )


def grantable_roles(role: Role | None) -> frozenset[Role]:
    """The roles that someone with this role may give, within their own organization."""
    if role is Role.ADMIN:
        return ORGANIZATION_ROLES
    if role is Role.CONSORTIUM_ADMIN:
        return CONSORTIUM_ROLES
    return frozenset()


def require_grantable(role: Role, allowed: frozenset[Role]) -> None:
    """Raise `RoleNotAllowed`, naming what is, unless the role is among the allowed ones."""
    if role not in allowed:
        raise RoleNotAllowed("role", allowed=", ".join(sorted(allowed)) or "–")


def check_password(path: str, password: str, *, email: str, name: str) -> None:
    """Raise `InvalidInput` at ``path`` for a password of a wrong length, or easily guessed."""
    if not PASSWORD_CHARS_MIN <= len(password) <= PASSWORD_CHARS_MAX:
        raise InvalidInput(
            path,
            ja=f"パスワードは{PASSWORD_CHARS_MIN}〜{PASSWORD_CHARS_MAX}文字にしてください。",
            en=f"Choose a password of {PASSWORD_CHARS_MIN} to {PASSWORD_CHARS_MAX} characters.",
        )
    key = _letters(password)
    given_away = {_letters(text) for text in (email, email.partition("@")[0], name)}
    if key in given_away or len(set(key)) < PASSWORD_DISTINCT_CHARS_MIN:
        raise InvalidInput(
            path,
            ja="お名前やメールアドレス、同じ文字の繰り返しはパスワードに使えません。",
            en="Do not use your name, your mail address or one repeated letter as a password.",
        )


def _letters(text: str) -> str:
    return re.sub(r"\s+", "", vocabulary_key(text))


def check_locale(locale: str) -> str:
    """The locale. Raises `InvalidInput` for a language that is not spoken here."""
    if locale not in LOCALES:
        raise InvalidInput(
            "locale",
            ja="言語は ja または en を指定してください。",
            en="The languages are ja and en.",
        )
    return locale


def session_expiry(created_at: datetime, now: datetime) -> datetime:
    """Until when a session used now lasts: it slides, but not beyond its longest life."""
    return min(
        now + timedelta(hours=SESSION_IDLE_HOURS), created_at + timedelta(days=SESSION_DAYS_MAX)
    )


def is_renewal_due(created_at: datetime, expires_at: datetime, now: datetime) -> bool:
    """Whether using the session now moves its end far enough to be worth a write."""
    gained = session_expiry(created_at, now) - expires_at
    return gained >= timedelta(minutes=SESSION_RENEWED_AFTER_MINUTES)
