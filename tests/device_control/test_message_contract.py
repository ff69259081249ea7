"""The contract of messages, over the local socket and over a named pipe in memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from madoguchi.device_control.channel import MOST_CLIENTS
from tests.device_control.conftest import RULES
from tests.device_control.message_contract import MessageContract
from tests.support.played_windows import AgentOnPlayedWindows
from tests.support.usb_tree import AgentOnTree
from tests.support.windows_machine import AgentOnWindows


class TestOverASocket(MessageContract):
    @pytest.fixture
    def terminal(self, tmp_path: Path) -> Iterator[AgentOnTree]:
        with AgentOnTree(tmp_path, rules=RULES) as tree:
            # root has a place more
            tree.most_windows = MOST_CLIENTS + (os.geteuid() == 0)
            yield tree


class TestOverAPipe(MessageContract):
    """What stands for Windows is `tests.support.windows_machine`; it is not Windows."""

    @pytest.fixture
    def terminal(self, tmp_path: Path) -> Iterator[AgentOnWindows]:
        with AgentOnWindows(tmp_path, rules=RULES) as machine:
            machine.most_windows = MOST_CLIENTS
            yield machine


class TestOverWindowsPlayed(MessageContract):
    """The code that calls Windows, on functions that are played (`tests.support.played_windows`)."""

    @pytest.fixture
    def terminal(self, tmp_path: Path) -> Iterator[AgentOnPlayedWindows]:
        with AgentOnPlayedWindows(tmp_path, rules=RULES) as machine:
            machine.most_windows = MOST_CLIENTS
            yield machine
