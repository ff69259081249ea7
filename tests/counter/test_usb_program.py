"""The real program at a real server is killed while a stick is open: the agent takes the stick away.

What was copied by then is on record at the server.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from madoguchi.app.settings import usb_folder
from madoguchi.app.staff.scram import make_verifier
from tests.counter.central_program import PLACE, CentralTerminal, on_server
from tests.counter.clocked_program import AGENT_SOCKET
from tests.counter.harness import CounterLibrary
from tests.counter.program import give_password, sign_in
from tests.counter.usb import STICK, STICK_CLASSES, HouseAgent
from tests.support.library import SOGO
from tests.support.staff import PASSWORD, terminal_number
from tests.support.xvfb import wait_for

MANAGER = "usb_manager"


@pytest.fixture
def manager(served: CounterLibrary) -> Iterator[str]:
    """A security manager."""
    with served.engine.connect() as connection:
        connection.execute(
            sa.text(
                f"select account.add_staff('{MANAGER}', '管理', 'security_manager', '{{}}', null, :verifier)"
            ),
            {"verifier": make_verifier(PASSWORD)},
        )
        connection.exec_driver_sql(f"update account.state set must_change = false where login = '{MANAGER}'")
        connection.exec_driver_sql(f"grant security_manager to {MANAGER}")
    yield MANAGER
    assert served.cluster is not None
    served.engine.dispose()
    served.cluster.psql(served.url.database, f"drop owned by {MANAGER}; drop role {MANAGER}")


@pytest.fixture
def agent(served: CounterLibrary, tmp_path: Path) -> Iterator[HouseAgent]:
    """The terminal's agent, which the server knows, a registered stick plugged in."""
    with served.engine.connect() as connection:
        name = connection.exec_driver_sql(
            f"select name from account.terminal where serial = '{1000 + terminal_number(SOGO, PLACE)}'"
        ).scalar_one()
        made = connection.execute(sa.text("select account.make_usb_key(:name, true)"), {"name": name})
        key = json.loads(made.scalar_one())["key"]
        connection.exec_driver_sql(
            "select account.enrol_usb_device('stick', '0951', '1666', 'S1', '{08:06:50}', '1', 'x')"
        )
    with HouseAgent(tmp_path, str(name), key) as started:
        started.plug(STICK_CLASSES, id=STICK, serial="S1", name="DataTraveler")
        yield started


def open_the_stick(terminal: CentralTerminal, agent: HouseAgent, manager: str) -> None:
    """From the key for the devices to the second person's yes, by keyboard alone."""
    screen = terminal.screen

    def asked() -> bool:
        # until the list is there the keys mean nothing
        screen.key("shift+F8")
        time.sleep(0.5)
        screen.key("F10")
        time.sleep(0.5)
        screen.key("Return")
        screen.type_like_a_clerk("move")
        screen.key("F10")
        time.sleep(1)
        found = terminal.ask("select count(*) from account.usb_exception")
        if not found:
            screen.key("Escape")
        return found == 1

    wait_for(asked, "the request at the server")
    give_password(terminal, manager)
    wait_for(
        lambda: (
            terminal.ask(
                f"select count(*) from account.session where login = '{manager}' and ended_at is null"
            )
            == 1
        ),
        "the approver's session",
    )

    def approved() -> bool:
        # whoever hammers on the key answers nothing
        time.sleep(1)
        screen.key("F10")
        return agent.is_usable()

    wait_for(approved, "the open stick")


def how_it_ended(agent: HouseAgent) -> list[str]:
    """By the agent's own record."""
    return [record["how"] for record in agent.records() if record["what"] == "lease_ended"]


@pytest.mark.timeout(300)
def test_a_program_that_is_killed_takes_the_stick_with_it(
    tmp_path: Path, served: CounterLibrary, agent: HouseAgent, manager: str
) -> None:
    place = tmp_path / "screen"
    place.mkdir()
    with on_server(place, served, **{AGENT_SOCKET: str(agent.socket)}) as terminal:
        sign_in(terminal, terminal.login)
        open_the_stick(terminal, agent, manager)
        assert agent.is_usable()
        terminal.program.send_signal(signal.SIGKILL)
        agent.until(lambda: not agent.is_usable())
        agent.until(
            lambda: [r["how"] for r in agent.records() if r["what"] == "lease_ended"] == ["window_gone"]
        )
        terminal.program.wait(10)
        assert "Traceback" not in terminal.said()
        terminal.nobody_is_connected()


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
        open_the_stick(terminal, agent, manager)
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
