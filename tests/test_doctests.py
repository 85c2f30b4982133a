"""The examples in docstrings are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from types import ModuleType

import pytest

import models.rules
import models.vocabulary
import network


def modules_in(package: ModuleType) -> list[str]:
    found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    return sorted(one.name for one in found if not one.ispkg)


NAMES = [name for one in (models.rules, models.vocabulary, network) for name in modules_in(one)]


@pytest.mark.parametrize("name", NAMES)
def test_examples_are_true(name: str) -> None:
    found = doctest.testmod(importlib.import_module(name))

    assert found.failed == 0


def test_every_metric_has_an_example() -> None:
    metrics = modules_in(importlib.import_module("network.metrics"))
    without = [
        name
        for name in metrics
        if not any(
            test.examples for test in doctest.DocTestFinder().find(importlib.import_module(name))
        )
    ]

    assert metrics
    assert without == []
