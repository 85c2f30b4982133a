"""Where a candidate is led after signing in: to one of their own pages, and nowhere else."""

from __future__ import annotations

import re

HOME = "/me"
PATH_CHARS_MAX = 80
_OWN = re.compile(r"/me(/[a-z0-9-]+){1,3}")
_NOT_AFTER = ("/me/sign-in", "/me/sign-out", "/me/erased")


def own_page_at(path: str) -> str | None:
    """The path of a candidate's own page, or none for anything else, the home among it.

    It begins with one slash and has letters, digits and hyphens between others: no address of
    another site can be written so.

    >>> own_page_at("/me/consents")
    '/me/consents'
    >>> own_page_at("//evil.example/me/consents")
    """
    if len(path) > PATH_CHARS_MAX or not _OWN.fullmatch(path) or path.startswith(_NOT_AFTER):
        return None
    return path


def introduction_page(referral_id: object) -> str:
    """The page of one introduction."""
    return f"/me/introductions/{referral_id}"
