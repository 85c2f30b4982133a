"""Where the candidates' pages are."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from models.session import Database
from models.vocabulary.days import in_words
from tasuki.pages import own, registration, requests, rights, sign_in, surveys, words
from tasuki.pages.static_files import StaticFiles, load_static_files
from tasuki.pages.uploads import read_upload
from tasuki.pages.web import NOT_FOUND, Site, Visit, open_page, own_page

SHOWN = ["GET"]
DONE = ["POST"]
SHOWN_AND_DONE = ["GET", "POST"]


def routes(database: Database, *, base_url: str, contact: str) -> list[BaseRoute]:
    """Every page for candidates, and the files they load.

    ``base_url`` is where people reach the server; ``contact`` the operator's mail address, shown
    to those who ask about their data.
    """
    files = load_static_files()
    site = Site(database, base_url, contact, _templates(files), files)
    everyone = partial(open_page, site)
    uploads = partial(open_page, site, reader=read_upload)
    candidates = partial(own_page, site)
    own_uploads = partial(own_page, site, reader=read_upload)
    return [
        Route("/static/{name}", files.serve),
        Route("/r/{token}", everyone(registration.invitation), methods=SHOWN_AND_DONE),
        Route("/r/{token}/resume", uploads(registration.fill_in), methods=DONE),
        Route("/r/{token}/sent", everyone(registration.mail_sent), methods=SHOWN),
        Route("/confirm/{token}", everyone(registration.confirmation), methods=SHOWN_AND_DONE),
        Route("/me/sign-in", everyone(sign_in.sign_in), methods=SHOWN_AND_DONE),
        Route("/me/sign-in/sent", everyone(sign_in.sign_in_sent), methods=SHOWN),
        Route("/me/sign-in/{token}", everyone(sign_in.sign_in_link), methods=SHOWN_AND_DONE),
        Route("/me/sign-out", candidates(sign_in.leave_session), methods=DONE),
        Route("/me", candidates(own.overview), methods=SHOWN),
        Route("/me/move", candidates(own.move), methods=DONE),
        Route("/me/introductions/{id}", candidates(own.introduction), methods=SHOWN_AND_DONE),
        Route("/me/matches", candidates(own.matches), methods=SHOWN),
        Route("/me/consents", candidates(own.consents), methods=SHOWN_AND_DONE),
        Route("/me/records", candidates(own.records), methods=SHOWN),
        Route("/me/exclusions", candidates(own.exclusions), methods=SHOWN_AND_DONE),
        Route("/me/leave", candidates(own.leave), methods=SHOWN_AND_DONE),
        Route("/me/requests", candidates(requests.requests), methods=SHOWN_AND_DONE),
        Route("/me/data", candidates(rights.data), methods=SHOWN),
        Route("/me/data/edit", candidates(rights.edit), methods=SHOWN_AND_DONE),
        Route("/me/data/edit/resume", own_uploads(rights.fill_in), methods=DONE),
        Route("/me/data/json-resume", candidates(rights.json_resume), methods=SHOWN),
        Route("/me/data/archive", candidates(rights.archive), methods=SHOWN),
        Route("/me/surveys", candidates(surveys.choose), methods=DONE),
        Route("/me/erase", candidates(rights.erase), methods=SHOWN_AND_DONE),
        Route("/me/erased", everyone(rights.erased), methods=SHOWN),
        Route("/keep/{token}", everyone(requests.keep), methods=SHOWN_AND_DONE),
        Route("/survey/{token}", everyone(surveys.survey), methods=SHOWN_AND_DONE),
        Route("/survey/{token}/no-more", everyone(surveys.no_more), methods=DONE),
        Route("/survey-done", everyone(surveys.done), methods=SHOWN),
        Route("/privacy", everyone(_privacy), methods=SHOWN),
        *(
            Route(f"/{beginning}/{{rest:path}}", everyone(_missing), methods=SHOWN_AND_DONE)
            for beginning in ("r", "confirm", "keep", "survey", "me")
        ),
    ]


async def _privacy(visit: Visit) -> Response:
    return visit.render("privacy.html")


async def _missing(visit: Visit) -> Response:  # noqa: ARG001  (a handler's signature)
    raise NOT_FOUND


def _templates(files: StaticFiles) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(static=files.url, words=words)
    environment.filters["in_words"] = in_words
    environment.filters["local_day"] = words.local_day
    environment.filters["moment"] = words.moment
    return environment
