"""The kinds of actor: what the columns of the table stand for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Viewer:
    """One column: who looks, from which consortium, and how people are told of them."""

    name: str
    title: str
    actor: str
    """Their name on the stage of their own consortium."""
    is_foreign: bool = False


VIEWERS = (
    Viewer("anonymous", "not signed in", "anonymous"),
    Viewer("company_admin", "the company: ADMIN", "company_admin"),
    Viewer("company_recruiter", "the company: RECRUITER", "company_recruiter"),
    Viewer("company_token", "the company: API token (RECRUITER)", "company_token"),
    Viewer("company_viewer", "the company: VIEWER", "company_viewer"),
    Viewer("receiver_admin", "the company that gets introductions: ADMIN", "receiver_admin"),
    Viewer("sibling_admin", "any other company: ADMIN", "sibling_admin"),
    Viewer("agency_admin", "the agency: ADMIN", "agency_admin"),
    Viewer("agency_viewer", "the agency: VIEWER", "agency_viewer"),
    Viewer("other_agency_admin", "any other agency: ADMIN", "other_agency_admin"),
    Viewer("consortium_admin", "CONSORTIUM_ADMIN", "consortium_admin"),
    Viewer("analyst", "ANALYST", "analyst"),
    Viewer("foreign_company", "a company elsewhere: ADMIN", "company_admin", is_foreign=True),
    Viewer("foreign_agency", "an agency elsewhere: ADMIN", "agency_admin", is_foreign=True),
    Viewer(
        "foreign_consortium_admin",
        "CONSORTIUM_ADMIN elsewhere",
        "consortium_admin",
        is_foreign=True,
    ),
)
NAMES = tuple(viewer.name for viewer in VIEWERS)

OUTCOMES = {
    "S": "shown",
    "n": "null",
    "e": "an empty list",
    "-": "reads as not existing",
    "F": "FORBIDDEN",
    "U": "UNAUTHENTICATED",
    "D": "done",
    "x": "refused for another reason",
    "?": "shown as far as rounding leaves something of so few",
}


def columns(letters: str) -> dict[str, str]:
    """What each viewer gets, by one letter each; spaces are for the eye."""
    told = letters.replace(" ", "")
    assert len(told) == len(VIEWERS), f"{letters!r} has {len(told)} letters"
    assert set(told) <= set(OUTCOMES), letters
    return dict(zip(NAMES, told, strict=True))


def spaced(by_viewer: dict[str, str]) -> str:
    """The letters as the table writes them."""
    told = "".join(by_viewer[name] for name in NAMES)
    groups = (told[0], told[1:5], told[5], told[6], told[7:9], told[9], told[10:12], told[12:])
    return " ".join(groups)
