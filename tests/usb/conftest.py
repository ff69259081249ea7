"""Virtual machines for the tests here: one with the program's code, one that is a terminal with the agent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import usb

import madoguchi
from tests.usb.figures import PREFIX, Figures, in_words
from tests.usb.image import ready_image
from tests.usb.machine import VirtualMachine
from tests.usb.terminal import Terminal

# the first to come may find nothing built yet, on a machine that has other things to do as well
BUILDING_SECONDS = 1800
_COMPILED = ", ".join(
    f"madoguchi.barcode.sources.{name}" for name in ("evdev_access", "evdev_source", "hid_source")
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The limit of a test holds for what it waits for before it, too."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(BUILDING_SECONDS))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How long decisions and the ends of exceptions took."""
    times = defaultdict(list)
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in report.user_properties:
            if name.startswith(PREFIX) and isinstance(value, float):
                times[name.removeprefix(PREFIX)].append(value)
    if times:
        terminalreporter.section("USB devices, on an emulated machine")
        for name, values in times.items():
            terminalreporter.line(in_words(name, values))


@pytest.fixture(scope="session")
def machine() -> Iterator[VirtualMachine]:
    """A guest in which nothing is plugged in; a test leaves it so."""
    program = Path(madoguchi.__file__).parent
    with VirtualMachine(ready_image()) as running:
        running.put({
            program / "__init__.py": "/opt/code/madoguchi/__init__.py",
            program / "barcode": "/opt/code/madoguchi/barcode",
            Path(usb.__file__).parent: "/opt/code/usb",
            Path(__file__).parent / "inside/listen.py": "/opt/code/listen.py",
        })  # fmt: skip
        # compiled once, by whoever may write there
        running.sh(f"cd /opt/code && python3 -c 'import {_COMPILED}'", seconds=BUILDING_SECONDS)
        yield running


@pytest.fixture(scope="session")
def terminal() -> Iterator[Terminal]:
    """A terminal with the agent on it, and a stick that was in it when it was switched on."""
    with Terminal(ready_image()) as running:
        yield running


@pytest.fixture
def figures(record_property: Callable[[str, object], None]) -> Figures:
    """Takes the times of this test."""
    return Figures(record_property)
