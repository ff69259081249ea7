"""The real program at a real server is killed in the midst of a copy: what was copied is on record."""

from __future__ import annotations

import json
import signal
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from madoguchi.app.settings import usb_folder
from tests.counter.central_program import PLACE, CentralTerminal, on_server
from tests.counter.clocked_program import AGENT_SOCKET
from tests.counter.harness import CounterLibrary
from tests.counter.program import sign_in
from tests.counter.test_usb_program import agent, manager
from tests.counter.usb import HouseAgent
from tests.counter.usb_by_keys import open_the_stick
from tests.support.library import SOGO
from tests.support.staff import terminal_number
from tests.support.xvfb import wait_for

__all__ = ["agent", "manager"]

SLOW_CHECK = [sys.executable, "-c", "import time; time.sleep(0.05)", "{file}"]
FILES = 120


def folder_of(terminal: CentralTerminal) -> Path:
    """Where this terminal's program puts what comes from a stick."""
    return usb_folder({"MADOGUCHI_HOME": str(terminal.home)})


def seen(folder: Path) -> int:
    """How many files have their name there."""
    return sum(not path.name.startswith(".") for path in folder.iterdir()) if folder.exists() else 0


@pytest.mark.timeout(300)
@pytest.mark.parametrize("key", ["F10", "F9"], ids=["in", "out"])
def test_what_a_program_that_is_killed_had_copied_is_on_record(
    tmp_path: Path, served: CounterLibrary, agent: HouseAgent, manager: str, key: str
) -> None:
    with served.engine.connect() as connection:
        connection.execute(
            sa.text(
                "update account.terminal set settings = settings"
                " || jsonb_build_object('virus_check', (:command)::jsonb) where serial = :serial"
            ),
            {"command": json.dumps(SLOW_CHECK), "serial": str(1000 + terminal_number(SOGO, PLACE))},
        )
    place = tmp_path / "screen"
    place.mkdir()
    stick = agent.places.stick
    stick.mkdir(parents=True)
    with on_server(place, served, **{AGENT_SOCKET: str(agent.socket)}) as terminal:
        source, target = stick, folder_of(terminal)
        if key == "F9":
            source, target = target, source
        source.mkdir(parents=True, exist_ok=True)
        for number in range(FILES):
            (source / f"{number:03}.txt").write_bytes(b"123")
        sign_in(terminal, terminal.login)
        open_the_stick(terminal, manager, agent.is_usable)
        agent.give_file_system("1-1")
        agent.until(lambda: "systemd-mount" in agent.systemd_log.read_text(), "the mount")
        agent.mounted()

        def some_are_copied() -> bool:
            if seen(target) == 0:
                # before the stick is there the first key means nothing, and the second one another list
                terminal.screen.key("Escape")
                terminal.screen.key(key)
                time.sleep(0.5)
                terminal.screen.key("F9")
                time.sleep(0.5)
            return seen(target) > 20

        wait_for(some_are_copied, "files that were copied")
        terminal.program.send_signal(signal.SIGKILL)
        terminal.program.wait(10)
        copied = seen(target)
        assert copied < FILES, "it was killed in the middle"
        noted = terminal.ask(
            "select coalesce(sum(files), 0) from account.usb_copy where verdict = 'clean' and way ="
            f" '{'from_stick' if key == 'F10' else 'to_stick'}'"
        )
        # of files that were not seen yet perhaps, never too few
        assert copied <= noted
        agent.until(lambda: not agent.is_usable())
        terminal.nobody_is_connected()
