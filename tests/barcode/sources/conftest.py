"""The kinds of scanners that the contract holds for: a new kind is one more entry of ``RIGS``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.evdev import EvdevRig
from tests.support.hid_rig import HidRig
from tests.support.scanners import Heard, MemoryRig, PtyRig, Rig

RIGS: dict[str, Callable[[Path], Rig]] = {
    "memory": lambda _folder: MemoryRig(),
    "serial": PtyRig,
    "hid": lambda _folder: HidRig(),
    "evdev": EvdevRig,
}


@pytest.fixture(params=RIGS)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """A source that has not begun, and its scanner."""
    made = RIGS[request.param](tmp_path)
    yield made
    made.source.close()
    made.close()


@pytest.fixture
def heard() -> Heard:
    """Whoever listens."""
    return Heard()
