"""Every case of the benchmarks runs, at a tiny size, and prints its table. No time is asserted."""

from __future__ import annotations

import pytest

from benchmarks.__main__ import CASES, main
from benchmarks.hostile import HOSTILE
from benchmarks.ratios import Pace, Ratio, table
from tests.databases import postgresql_url

TINY = ["--registrations", "8", "--clients", "4", "--keys", "4", "--repeats", "1"]
TINY += ["--referrals", "400", "--growth", "2", "--requests", "50"]
TINY += ["--pairs", "20", "--months", "2", "--grown", "200", "2000"]


def lines_of(case: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The table's lines: what follows the empty one."""
    main([case, *TINY])
    printed = capsys.readouterr().out
    head, *lines = printed.split("\n\n")[-1].strip().splitlines()
    assert head.split() == ["case", "ours", "the", "other", "ratio"]
    assert all(float(line.split()[-1]) > 0 for line in lines)
    return lines


def databases() -> list[str]:
    return ["sqlite", "postgresql"] if postgresql_url() else ["sqlite"]


def test_registrations_beside_bare_transactions(capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_of("registrations", capsys)
    assert [line.split()[3] for line in lines] == databases()


def test_redemptions_beside_bare_transactions(capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_of("redemptions", capsys)
    assert [line.split()[4] for line in lines] == databases()


def test_a_refusal_for_each_hostile_request(capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_of("hostile", capsys)
    assert [line.split(" (")[0] for line in lines] == [f"refusal of {name}" for name in HOSTILE]


def test_an_analysts_question_as_referrals_grow(capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_of("analyst", capsys)
    assert [line.split("  ")[0] for line in lines] == [
        f"analyst's question, {many} referrals, 20 edges, {kind}"
        for kind in databases()
        for many in ("200", "2,000")
    ]


def test_memory_before_and_after(capsys: pytest.CaptureFixture[str]) -> None:
    [line] = lines_of("memory", capsys)
    assert line.startswith("memory after 50 requests more")


@pytest.mark.postgresql
def test_the_nested_read_beside_its_floor_and_itself(capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_of("nested", capsys)
    assert [line.split(" (")[0] for line in lines] == [
        "nested read, 400 referrals",
        "nested read, 800 referrals",
        "nested read, 2 times the referrals",
    ]


@pytest.mark.parametrize("arguments", [["speed"], ["hostile", "--repeats", "0"]])
def test_what_cannot_be_measured_is_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        main(arguments)
    assert refused.value.code == 2
    assert "error:" in capsys.readouterr().err


def test_all_cases_are_tested() -> None:
    assert list(CASES) == ["registrations", "redemptions", "nested", "hostile", "memory"]


def test_a_table_is_aligned() -> None:
    lines = table([Ratio("one", "1 ms", "20 ms", 0.05), Ratio("another", "3/s", "1/s", 3)])
    assert lines.splitlines() == [
        "case     ours  the other  ratio",
        "one      1 ms  20 ms      0.05",
        "another  3/s   1/s        3.00",
    ]


def test_a_pace_tells_its_rate_and_percentiles() -> None:
    pace = Pace(jobs=4, took_s=2, waits_s=[0.004, 0.001, 0.003, 0.002])
    assert pace.per_second == 2
    assert (pace.percentile_ms(50), pace.percentile_ms(99)) == (3.0, 4.0)
