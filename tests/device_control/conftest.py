"""What the tests of the agent stand on: the real agent, in a process of its own, on a tree of devices."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.device_control.windows_end import Window
from tests.support.usb_tree import AgentOnTree

RULES = """\
allow id 046d:c31c interfaces 03:01:01 as "keyboard" because "the counter's own"
allow id 0c2e:0901 serial "S1" interfaces 03:00:00 as "scanner" because "registered"
"""


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[AgentOnTree]:
    """A terminal whose agent has a policy."""
    with AgentOnTree(tmp_path, rules=RULES) as made:
        yield made


@pytest.fixture
def window(tree: AgentOnTree) -> Iterator[Window]:
    """A program of the window's account that is connected."""
    made = Window(tree)
    yield made
    made.close()
