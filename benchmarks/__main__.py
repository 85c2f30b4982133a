"""``python -m benchmarks``: every ratio of one run, and a table of them at the end."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import analyst, hostile, memory, nested, redemptions, registrations
from benchmarks.places import Places
from benchmarks.ratios import Ratio, table

Case = Callable[[Places, argparse.Namespace], list[Ratio]]

CASES: dict[str, Case] = {
    "registrations": lambda places, given: registrations.run(
        places, registrations=given.registrations, clients=given.clients
    ),
    "redemptions": lambda places, given: redemptions.run(places, keys=given.keys),
    "nested": lambda places, given: nested.run(
        places, referrals=given.referrals, repeats=given.repeats, times=given.growth
    ),
    "hostile": lambda places, given: hostile.run(places, repeats=given.repeats),
    "analyst": lambda places, given: analyst.run(
        places,
        pairs=given.pairs,
        months=given.months,
        referrals=given.grown,
        repeats=given.repeats,
    ),
    "memory": lambda places, given: memory.run(places, requests=given.requests),
}


COUNTS = (
    "registrations",
    "clients",
    "keys",
    "referrals",
    "growth",
    "repeats",
    "requests",
    "pairs",
    "months",
)
"""The options that are a number of something."""


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What is to be measured, and how large."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"of {', '.join(CASES)}; else all")
    parser.add_argument("--registrations", type=int, default=1_000, help="to confirm")
    parser.add_argument("--clients", type=int, default=16, help="that confirm at once")
    parser.add_argument("--keys", type=int, default=200, help="of redemptions, each sent twice")
    parser.add_argument(
        "--referrals", type=int, default=20_000, help="in the table; 500000 is what we are held to"
    )
    parser.add_argument("--growth", type=int, default=10, help="times the referrals; 1 for none")
    parser.add_argument("--repeats", type=int, default=20, help="of each read and refusal")
    parser.add_argument("--requests", type=int, default=2_000, help="between two looks at memory")
    parser.add_argument("--pairs", type=int, default=1_000, help="of organizations")
    parser.add_argument("--months", type=int, default=3, help="that are frozen")
    parser.add_argument(
        "--grown",
        type=int,
        nargs="+",
        default=[10_000, 1_000_000, 10_000_000],
        help="referrals of one number of pairs",
    )
    given = parser.parse_args(arguments)
    for case in given.cases:
        if case not in CASES:
            parser.error(f"no such case: {case}")
    for name in COUNTS:
        if getattr(given, name) < 1:
            parser.error(f"--{name} is at least 1")
    if min(given.grown) < given.pairs * given.months:
        parser.error("--grown is at least one referral for each of the --pairs and --months")
    return given


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the cases and print the table."""
    given = options(arguments)
    ratios: list[Ratio] = []
    with tempfile.TemporaryDirectory() as folder:
        places = Places(Path(folder))
        if "postgresql" not in places.kinds:
            print("There is no PostgreSQL server here: only SQLite is measured.")
        for name in given.cases or CASES:
            print(f"== {name}", flush=True)
            ratios += CASES[name](places, given)
    print()
    print(table(ratios))


if __name__ == "__main__":
    main()
