"""One virtual machine for all tests here, with the program's code in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import usb

import madoguchi
from tests.usb.image import ready_image
from tests.usb.machine import VirtualMachine

# the first to come may find nothing built yet, on a machine that has other things to do as well
BUILDING_SECONDS = 900
_COMPILED = ", ".join(
    f"madoguchi.barcode.sources.{name}" for name in ("evdev_access", "evdev_source", "hid_source")
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The limit of a test holds for what it waits for before it, too."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(BUILDING_SECONDS))


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
