"""A pack as one HTML page: no script, its style within, fit for a phone and for paper."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from html import escape

from tasuki.pack_content import Block, Grid, PackContent

STYLE = """
body{font:16px/1.7 system-ui,"Hiragino Sans","Noto Sans JP",sans-serif;color:#1c2430;
margin:0 auto;max-width:60rem;padding:1rem}
h1{font-size:1.6rem;line-height:1.3;margin:0 0 .25rem}
h2{font-size:1.15rem;margin:2rem 0 .5rem;border-bottom:2px solid #1c2430}
p,li{overflow-wrap:anywhere}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{border:1px solid #c3cad4;padding:.35rem .5rem;text-align:left;vertical-align:top}
thead th{background:#eef1f5}
footer{margin-top:2rem;font-size:.8rem;color:#4a5565;overflow-wrap:anywhere}
@media print{body{max-width:none;padding:0}h2{break-after:avoid}tr{break-inside:avoid}}
"""
STYLE_HASH = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; frame-ancestors 'none'"


def write_page(content: PackContent) -> str:
    """The whole page."""
    return "".join(
        [
            f'<!doctype html><html lang="{escape(content.locale)}"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            f"<title>{escape(content.title)}</title><style>{STYLE}</style></head><body><main>",
            f"<h1>{escape(content.title)}</h1><p>{escape(content.subtitle)}</p>",
            *(part for block in content.blocks for part in _block(block)),
            f"</main><footer>{escape(content.footer)}</footer></body></html>",
        ]
    )


def _block(block: Block) -> Iterator[str]:
    yield f"<section><h2>{escape(block.title)}</h2>"
    if block.sentences:
        yield "<ul>"
        yield from (f"<li>{escape(sentence)}</li>" for sentence in block.sentences)
        yield "</ul>"
    if block.grid is not None:
        yield from _grid(block.grid)
    yield "</section>"


def _grid(grid: Grid) -> Iterator[str]:
    # What is wider than a phone is scrolled by itself, by keyboard too.
    name = escape(grid.caption)
    yield f'<div class="scroll" role="region" tabindex="0" aria-label="{name}">'
    yield f"<table><caption>{name}</caption><thead><tr>"
    yield from (f'<th scope="col">{escape(cell)}</th>' for cell in grid.header)
    yield "</tr></thead><tbody>"
    for first, *others in grid.rows:
        yield f'<tr><th scope="row">{escape(first)}</th>'
        yield from (f"<td>{escape(cell)}</td>" for cell in others)
        yield "</tr>"
    yield "</tbody></table></div>"
