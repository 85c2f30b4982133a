"""Text inside XML: what it cannot hold is removed, and the file says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from network.exports.contents import NODE_ATTRIBUTES, Network

CHUNK_BYTES = 65_536
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def quoted(text: str) -> str:
    """As the value of an attribute, quotes included; line breaks survive.

    >>> print(quoted("a <b>" + chr(10)))
    "a &lt;b&gt;&#10;"
    """
    return quoteattr(_FORBIDDEN.sub("", text))


def escaped(text: str) -> str:
    """As the content of an element."""
    return escape(_FORBIDDEN.sub("", text), {"\r": "&#13;"})


def note_of(network: Network) -> str:
    """The note, and how many texts of nodes lost a character that XML forbids."""
    changed = sum(
        _FORBIDDEN.search(getattr(facts, name) or "") is not None
        for facts in network.nodes
        for name in NODE_ATTRIBUTES
    )
    if not changed:
        return network.note
    return f"{network.note} Characters that XML cannot hold were removed from {changed:,} texts."


def in_chunks(parts: Iterable[str]) -> Iterator[bytes]:
    """The parts as UTF-8, so many at a time that sending them is worth it."""
    kept: list[str] = []
    size = 0
    for part in parts:
        kept.append(part)
        size += len(part)
        if size >= CHUNK_BYTES:
            yield "".join(kept).encode()
            kept, size = [], 0
    if kept:
        yield "".join(kept).encode()
