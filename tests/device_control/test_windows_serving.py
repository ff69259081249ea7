"""The named pipe: who may open it, who may ask, how its ends behave. In memory; never run on Windows."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from madoguchi.device_control import windows_serving
from madoguchi.device_control.channel import MOST_CLIENTS, PIPE, encode
from madoguchi.device_control.client import AgentGone, AgentRefused
from madoguchi.device_control.connection import Connection
from madoguchi.device_control.windows_serving import (
    ADMINISTRATORS,
    CLIENT_RIGHTS,
    SYSTEM,
    Pipe,
    PipeEnd,
    security,
)
from tests.device_control.conftest import RULES
from tests.device_control.windows_end import Window
from tests.support.played_windows import PlayedWindows, connector, played_module
from tests.support.usb_tree import until_
from tests.support.windows_machine import (
    ADMINISTRATOR,
    AGENTS,
    COUNTER,
    OTHER,
    Account,
    AgentOnWindows,
    MemoryPipe,
    PipeNames,
    may,
)

WAIT = 20.0
CREATE_PIPE_INSTANCE = 0x4

# -- the descriptor ----------------------------------------------------------------------------------------


def test_the_descriptor_is_for_system_administrators_and_the_windows_account() -> None:
    text = security(COUNTER.sid)
    assert text == ("O:SYG:SYD:P(D;;GA;;;NU)(A;;GA;;;SY)(A;;GA;;;BA)(A;;0x12008b;;;S-1-5-21-1-2-3-1001)")
    for account, may_open in ((COUNTER, True), (OTHER, False), (ADMINISTRATOR, True), (AGENTS, True)):
        assert may(account, text, CLIENT_RIGHTS) is may_open
    # an administrator who has not said that they act as one is anybody
    assert not may(Account(ADMINISTRATOR.sid), text, CLIENT_RIGHTS)


def test_over_the_network_nobody_opens_it() -> None:
    text = security(COUNTER.sid)
    for account in (COUNTER, ADMINISTRATOR):
        remote = Account(account.sid, account.groups | {"S-1-5-2"})
        assert not may(remote, text, CLIENT_RIGHTS)


def test_the_windows_account_cannot_stand_in_for_the_agent() -> None:
    assert not CLIENT_RIGHTS & CREATE_PIPE_INSTANCE
    assert not may(COUNTER, security(COUNTER.sid), CREATE_PIPE_INSTANCE)
    assert may(AGENTS, security(COUNTER.sid), CREATE_PIPE_INSTANCE)


def test_without_the_account_it_is_for_administrators_alone() -> None:
    assert not may(COUNTER, security(None), CLIENT_RIGHTS)
    assert may(ADMINISTRATOR, security(None), CLIENT_RIGHTS)


# -- the pipe ----------------------------------------------------------------------------------------------


class PipeContract:
    """What holds of every pipe. `made` makes the agent's side of it, `connect` opens it as a window."""

    @pytest.fixture
    def pipe(self, made: Callable[[], Pipe]) -> Iterator[Pipe]:
        pipe = made()
        yield pipe
        pipe.close()

    @staticmethod
    def accepted(pipe: Pipe) -> PipeEnd:
        pipe.wait(WAIT)
        return pipe.accept()

    @staticmethod
    def received(pipe: Pipe, end: PipeEnd) -> bytes:
        while True:
            pipe.wait(WAIT)
            with suppress(BlockingIOError):
                return end.recv(65536)

    def test_where_nobody_listens_nobody_connects(
        self, pipe: Pipe, connect: Callable[[], Connection]
    ) -> None:
        with pytest.raises(OSError):  # noqa: PT011 - whichever the system has
            connect()
        pipe.listen(security(None))
        pipe.listen(security(None))
        connect().close()

    def test_a_second_one_of_the_name_is_not_opened(self, pipe: Pipe, made: Callable[[], Pipe]) -> None:
        pipe.listen(security(None))
        second = made()
        with pytest.raises(OSError):  # noqa: PT011 - whichever the system has
            second.listen(security(None))
        second.close()

    def test_bytes_go_both_ways_and_nothing_waits(
        self, pipe: Pipe, connect: Callable[[], Connection]
    ) -> None:
        pipe.listen(security(None))
        with pytest.raises(BlockingIOError):
            pipe.accept()
        window = connect()
        end = self.accepted(pipe)
        with pytest.raises(BlockingIOError):
            end.recv(65536)
        assert end.send(bytearray(b"hello")) == 5
        assert window.receive() == b"hello"
        window.send(b"ask")
        assert self.received(pipe, end) == b"ask"
        end.close()
        window.close()

    def test_who_writes_is_known_once_it_was_read(
        self, pipe: Pipe, connect: Callable[[], Connection]
    ) -> None:
        pipe.listen(security(None))
        window = connect()
        end = self.accepted(pipe)
        with pytest.raises(OSError):  # noqa: PT011 - whichever the system has
            end.peer()
        window.send(b"ask")
        self.received(pipe, end)
        assert end.peer().is_administrator
        assert end.peer().account.startswith("S-1-5-")
        end.close()
        window.close()

    def test_what_is_too_much_is_taken_later(self, pipe: Pipe, connect: Callable[[], Connection]) -> None:
        pipe.listen(security(None))
        window = connect()
        end = self.accepted(pipe)
        data = bytearray(b"x" * 300_000)
        sent = 0
        with suppress(BlockingIOError):
            while True:
                sent += end.send(data[sent:])
        assert 0 < sent < len(data)
        came = 0
        while came < len(data):
            came += len(window.receive())
            pipe.wait(0.1)
            with suppress(BlockingIOError):
                while sent < len(data):
                    sent += end.send(data[sent:])
        assert came == len(data)
        end.close()
        window.close()

    def test_each_side_hears_that_the_other_has_gone(
        self, pipe: Pipe, connect: Callable[[], Connection]
    ) -> None:
        pipe.listen(security(None))
        first = connect()
        ends = [self.accepted(pipe)]
        second = connect()
        ends.append(self.accepted(pipe))
        ends[0].close()
        assert first.receive() == b""
        second.close()
        assert self.received(pipe, ends[1]) == b""
        ends[1].close()
        first.close()

    def test_who_waits_is_woken(self, pipe: Pipe) -> None:
        pipe.listen(security(None))
        pipe.wake()
        pipe.wait(3600.0)


class TestInMemory(PipeContract):
    @pytest.fixture
    def names(self) -> PipeNames:
        return PipeNames()

    @pytest.fixture
    def made(self, names: PipeNames) -> Callable[[], Pipe]:
        return partial(MemoryPipe, names)

    @pytest.fixture
    def connect(self, names: PipeNames) -> Callable[[], Connection]:
        return partial(names.connect, ADMINISTRATOR, PIPE, WAIT)


class TestOfWindowsPlayed(PipeContract):
    """The code that calls Windows, on functions that are played (`tests.support.played_windows`)."""

    @pytest.fixture
    def windows(self) -> PlayedWindows:
        return PlayedWindows()

    @pytest.fixture
    def made(self, windows: PlayedWindows) -> Callable[[], Pipe]:
        return played_module("windows_pipe", windows).NamedPipe  # type: ignore[no-any-return]

    @pytest.fixture
    def connect(self, windows: PlayedWindows) -> Callable[[], Connection]:
        return connector(windows, PIPE, WAIT)

    def test_who_waits_in_it_comes_back_when_it_is_hung_up(
        self, pipe: Pipe, connect: Callable[[], Connection]
    ) -> None:
        pipe.listen(security(None))
        window = connect()
        end = self.accepted(pipe)
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(window.receive)
            window.hang_up()
            assert waiting.result(WAIT) == b""
        window.close()
        window.close()
        with pytest.raises(OSError, match="closed"):
            window.send(b"x")
        end.close()

    def test_nothing_that_comes_in_time_is_a_timeout_and_loses_nothing(
        self, pipe: Pipe, windows: PlayedWindows
    ) -> None:
        pipe.listen(security(None))
        window = connector(windows, PIPE, 0.05)()
        end = self.accepted(pipe)
        with pytest.raises(TimeoutError):
            window.receive()
        end.send(bytearray(b"late"))
        assert window.receive() == b"late"
        # nobody takes what is sent
        with pytest.raises(OSError):  # noqa: PT011 - a timeout, or not all of it
            window.send(b"x" * 200_000)
        window.close()
        end.close()

    def test_what_is_done_is_not_waited_for_again(
        self, pipe: Pipe, connect: Callable[[], Connection], windows: PlayedWindows
    ) -> None:
        pipe.listen(security(None))
        window = connect()
        end = self.accepted(pipe)
        window.send(b"ask")
        self.received(pipe, end)
        end.send(bytearray(b"answer"))
        assert window.receive() == b"answer"
        for times in (1, 2):
            pipe.wait(0.01)
            assert windows.times_nothing_came == times
        end.close()
        window.close()

    def test_a_pipe_of_another_owner_is_not_talked_to(
        self, pipe: Pipe, connect: Callable[[], Connection]
    ) -> None:
        pipe.listen(security(None).replace("O:SY", f"O:{OTHER.sid}"))
        with pytest.raises(PermissionError):
            connect()


if sys.platform == "win32":
    from madoguchi.device_control.windows_pipe import NamedPipe, PipeConnection

    class TestOfWindows(PipeContract):
        """Never run. As SYSTEM: nobody else may say that a pipe is SYSTEM's."""

        NAME = r"\\.\pipe\madoguchi-usb-test"

        @pytest.fixture
        def made(self) -> Callable[[], Pipe]:
            return partial(NamedPipe, self.NAME)

        @pytest.fixture
        def connect(self) -> Callable[[], Connection]:
            return partial(PipeConnection, self.NAME, WAIT)


# -- who may ask -------------------------------------------------------------------------------------------


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[AgentOnWindows]:
    with AgentOnWindows(tmp_path, rules=RULES) as made:
        yield made


def test_another_accounts_program_is_refused(machine: AgentOnWindows) -> None:
    with pytest.raises(AgentGone):
        machine.open(lambda kind, fields: None, lambda: None, OTHER)


def test_the_token_counts_where_the_descriptor_let_somebody_in(
    machine: AgentOnWindows, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.stop()
    # as if the descriptor were for everybody
    monkeypatch.setattr(windows_serving, "security", lambda window: security(OTHER.sid))
    machine.start()
    let_in = machine.connect(OTHER)
    assert b'"hello":1' in let_in.receive()
    let_in.send(encode({"ask": "state", "n": 1}))
    rest = b""
    while more := let_in.receive():
        rest += more
    assert b'"n"' not in rest


def test_where_it_cannot_be_said_who_asks_nobody_does(
    machine: AgentOnWindows, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = Window(machine)
    assert window.ask("state")

    def fails(_end: PipeEnd) -> None:
        raise PermissionError("no token")

    monkeypatch.setattr("tests.support.windows_machine._MemoryEnd.peer", fails)
    with pytest.raises(AgentGone):
        window.ask("state")
    window.close()


def test_an_account_that_there_is_not_has_no_window(machine: AgentOnWindows) -> None:
    machine.stop()
    machine.set_account("nobody")
    machine.start()
    with pytest.raises(AgentGone):
        Window(machine)
    administrator = machine.open(lambda kind, fields: None, lambda: None, ADMINISTRATOR)
    assert administrator.ask("state")["terminal"]
    administrator.close()


def test_an_administrator_has_a_place_beside_eight_of_the_windows(
    machine: AgentOnWindows, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows = [Window(machine) for _ in range(MOST_CLIENTS)]
    administrator = machine.open(lambda kind, fields: None, lambda: None, ADMINISTRATOR)
    assert administrator.ask("state")
    # and a tenth is nobody's
    with pytest.raises(AgentGone):
        machine.open(lambda kind, fields: None, lambda: None, ADMINISTRATOR)
    administrator.close()

    # who takes that place and says nothing does not keep it
    silent = connected_silently(machine)
    with monkeypatch.context() as soon:
        soon.setattr(windows_serving, "_SILENT_SECONDS", 0.0)
        while silent.receive():
            pass
    again = machine.open(lambda kind, fields: None, lambda: None, ADMINISTRATOR)
    assert again.ask("state")
    again.close()
    for window in windows:
        assert window.ask("state")
        window.close()


def connected_silently(machine: AgentOnWindows) -> Connection:
    """Once there is room for one more."""
    found: list[Connection] = []

    def greeted() -> bool:
        raw = machine.connect()
        if raw.receive():
            found.append(raw)
        return bool(found)

    until_(greeted)
    return found[0]


def test_a_pipe_that_is_another_programs_is_not_talked_to(tmp_path: Path) -> None:
    with AgentOnWindows(tmp_path, rules=RULES) as machine:
        machine.stop()
        # whoever was there first; no account but these two may name SYSTEM or Administrators
        squatter = MemoryPipe(machine.names, Account(OTHER.sid))
        machine.names.holder, machine.names.is_listening = squatter, True
        machine.names.descriptor = f"O:{OTHER.sid}G:SYD:P(A;;GA;;;{COUNTER.sid})"
        with pytest.raises(AgentGone):
            Window(machine)
        # the agent goes on, and has its pipe when that one is gone
        machine.start()
        until_(lambda: machine.records()[-1]["what"] == "started")
        squatter.close()
        opened: list[Window] = []

        def is_there() -> bool:
            try:
                opened.append(Window(machine))
            except AgentGone:
                return False
            return True

        until_(is_there)
        assert opened[0].ask("state")["policy_version"] == 1
        opened[0].close()


def test_system_and_administrators_are_those_of_windows() -> None:
    # "Well-known SIDs"
    assert (SYSTEM, ADMINISTRATORS) == ("S-1-5-18", "S-1-5-32-544")


def test_refusals_are_those_of_the_protocol(machine: AgentOnWindows) -> None:
    window = Window(machine)
    assert window.ask("devices") == {"devices": []}
    assert window.refused("ask_lease", device="1-1", minutes=5) == "not_protected"
    assert window.refused("grant", nonce="0" * 32, mac=machine.grant("0" * 32, 5)) == "no_such_nonce"
    assert window.refused("release") == "none"
    with pytest.raises(AgentRefused):
        window.ask("ask_lease")
    window.close()
