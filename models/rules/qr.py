"""The QR code of a link, for a page or a poster."""

from __future__ import annotations

import io

import segno

URL_LENGTH_MAX = 2_000
QUIET_ZONE_MODULES = 4
"""The white border that the standard asks for."""


def qr_svg(url: str) -> str:
    """The URL as an SVG picture that scales; readable with a quarter of it damaged or covered.

    Raises ``ValueError`` for a URL that is longer than `URL_LENGTH_MAX`.
    """
    if len(url) > URL_LENGTH_MAX:
        raise ValueError(f"a QR code holds at most {URL_LENGTH_MAX} characters here")
    picture = io.BytesIO()
    segno.make(url, error="q", micro=False).save(
        picture,
        kind="svg",
        border=QUIET_ZONE_MODULES,
        omitsize=True,
        xmldecl=False,
        svgclass=None,
        lineclass=None,
        light="#fff",
        nl=False,
    )
    return picture.getvalue().decode()
