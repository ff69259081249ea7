"""The window's own link over a named pipe: it finds the agent again. In memory; never run on Windows."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from madoguchi.device_control.channel import PIPE, AgentState
from madoguchi.device_control.client import AgentClient, AgentRefused
from madoguchi.widgets.agent_link import AgentLink
from tests.device_control.conftest import RULES
from tests.support.windows_machine import COUNTER, AgentOnWindows


def test_the_link_asks_is_told_and_finds_the_agent_again(qtbot: QtBot, tmp_path: Path) -> None:
    with AgentOnWindows(tmp_path, rules=RULES) as machine:
        connect = partial(machine.names.connect, COUNTER)
        link = AgentLink(partial(AgentClient, PIPE, connect=connect), retry_seconds=0.05)
        told: list[tuple[str, Any]] = []
        answers: list[Any] = []
        link.told.connect(lambda kind, fields: told.append((kind, fields)))
        with qtbot.waitSignal(link.connected, timeout=20_000):
            link.start()
        link.ask("state", answers.append)
        qtbot.waitUntil(lambda: len(answers) == 1, timeout=20_000)
        assert AgentState.from_message(answers[0]).policy_version == 1
        link.ask("ask_lease", answers.append, device="1-1", minutes=5)
        qtbot.waitUntil(lambda: len(answers) == 2, timeout=20_000)
        assert isinstance(answers[1], AgentRefused)
        assert answers[1].word == "not_protected"
        assert {kind for kind, _ in told} == {"state", "devices"}

        with qtbot.waitSignal(link.connected, timeout=20_000) as went:
            machine.stop()
        assert went.args == [False]
        link.ask("state", answers.append)
        qtbot.waitUntil(lambda: len(answers) == 3, timeout=20_000)
        assert answers[2] is None

        with qtbot.waitSignal(link.connected, timeout=20_000) as came:
            machine.start()
        assert came.args == [True]
        link.ask("policy", answers.append, text=machine.sign_policy(RULES))
        qtbot.waitUntil(lambda: len(answers) == 4, timeout=20_000)
        assert answers[3] == {"version": 2}
        link.close()
