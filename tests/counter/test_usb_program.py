"""The real program at a real server is killed while a stick is open: the agent takes the stick away."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from madoguchi.app.staff.scram import make_verifier
from tests.counter.central_program import PLACE, on_server
from tests.counter.clocked_program import AGENT_SOCKET
from tests.counter.harness import CounterLibrary
from tests.counter.program import sign_in
from tests.counter.usb import STICK, STICK_CLASSES, HouseAgent
from tests.counter.usb_by_keys import open_the_stick
from tests.support.library import SOGO
from tests.support.staff import PASSWORD, terminal_number

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
        open_the_stick(terminal, manager, agent.is_usable)
        assert agent.is_usable()
        terminal.program.send_signal(signal.SIGKILL)
        agent.until(lambda: not agent.is_usable())
        agent.until(
            lambda: [r["how"] for r in agent.records() if r["what"] == "lease_ended"] == ["window_gone"]
        )
        terminal.program.wait(10)
        assert "Traceback" not in terminal.said()
        terminal.nobody_is_connected()
