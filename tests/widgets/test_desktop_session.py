"""What logind tells over the bus, and is asked: a real bus, and in logind's place what has its name there."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from pytestqt.qtbot import QtBot

from madoguchi.app.terminal import system_bus
from madoguchi.app.terminal.logind import path_element, session_at
from madoguchi.widgets.desktop_session import DesktopSession
from tests.support.logind import (
    ANOTHERS,
    LOGIND,
    MANAGER,
    OURS,
    PROPERTIES,
    SESSION,
    Logind,
    Speaker,
    bus,
    bus_daemon,
    logind,
    says_all,
)

__all__ = ["bus", "bus_daemon", "logind"]

pytestmark = pytest.mark.usefixtures("qapp")

# longer than any test: nothing is let go of by the clock
FOREVER = 600.0


@contextmanager
def listening(
    address: str, environment: dict[str, str] | None = None, *, hold_seconds: float = FOREVER
) -> Iterator[DesktopSession]:
    made = DesktopSession(
        address, {"XDG_SESSION_ID": "2"} if environment is None else environment, hold_seconds=hold_seconds
    )
    made.listen()
    yield made
    made.close()


@pytest.fixture
def session(qtbot: QtBot, bus: str, logind: Logind) -> Iterator[DesktopSession]:
    with listening(bus) as made:
        qtbot.waitUntil(logind.watched)
        yield made


def times_gone(session: DesktopSession) -> list[None]:
    """Has one more for each time that the clerk is taken to be gone."""
    heard: list[None] = []
    session.gone.connect(lambda: heard.append(None))
    return heard


# -- what is heard ----------------------------------------------------------------------------------------


def test_sleep_is_heard(qtbot: QtBot, session: DesktopSession, logind: Logind) -> None:
    for begins in (True, False):
        with qtbot.waitSignal(session.gone):
            logind.prepare_for_sleep(begins)


def test_the_desktops_lock_is_heard(qtbot: QtBot, session: DesktopSession, logind: Logind) -> None:
    with qtbot.waitSignal(session.gone):
        logind.says(OURS, SESSION, "Lock")


@pytest.mark.parametrize(
    "changed",
    [
        {"Active": ("b", False)},
        {"LockedHint": ("b", True)},
        {"IdleHint": ("b", True), "Active": ("b", False), "User": ("(uo)", (1000, MANAGER))},
    ],
)
def test_a_session_that_is_switched_away_or_locked_is_heard(
    qtbot: QtBot, session: DesktopSession, logind: Logind, changed: dict[str, tuple[str, object]]
) -> None:
    with qtbot.waitSignal(session.gone):
        logind.session_changed(**changed)


def test_what_is_another_session_s_or_nothing_is_not(
    qtbot: QtBot, session: DesktopSession, logind: Logind
) -> None:
    heard = times_gone(session)
    logind.says(ANOTHERS, SESSION, "Lock")
    logind.session_changed(ANOTHERS, Active=("b", False))
    logind.says(OURS, SESSION, "Unlock")
    logind.session_changed(Active=("b", True), LockedHint=("b", False))
    logind.session_changed(IdleHint=("b", True))
    logind.says(OURS, PROPERTIES, "PropertiesChanged", f"{LOGIND}.Seat", {"Active": ("b", False)}, [])
    with qtbot.waitSignal(session.gone):
        logind.says(OURS, SESSION, "Lock")
    assert heard == [None]


def test_nonsense_is_let_by(qtbot: QtBot, session: DesktopSession, logind: Logind) -> None:
    heard = times_gone(session)
    to = logind.inhibitors[0].caller
    logind.says(MANAGER, f"{LOGIND}.Manager", "PrepareForSleep", "true")
    logind.says(MANAGER, f"{LOGIND}.Manager", "PrepareForSleep")
    logind.session_changed(Active=("s", "no"), LockedHint=("as", []))
    logind.says(OURS, PROPERTIES, "PropertiesChanged", SESSION)
    logind.says(OURS, PROPERTIES, "PropertiesChanged", SESSION, "Active", [], to=to)
    logind.says("/", "a.b", "NameOwnerChanged", LOGIND, "", "", to=to)
    with qtbot.waitSignal(session.gone):
        logind.says(OURS, SESSION, "Lock")
    assert heard == [None]


def test_another_program_is_not_believed(
    qtbot: QtBot, session: DesktopSession, logind: Logind, bus: str
) -> None:
    heard = times_gone(session)
    another = Speaker(bus)
    says_all(another)
    says_all(another, to=logind.inhibitors[0].caller)
    another.delivered()
    with qtbot.waitSignal(session.gone):
        logind.says(OURS, SESSION, "Lock")
    assert heard == [None]
    another.close()


def test_logind_says_which_session_is_ours(qtbot: QtBot, bus: str, logind: Logind) -> None:
    with listening(bus, {}) as session:
        heard = times_gone(session)

        def told() -> bool:
            # it is asked for some time after the rest
            logind.says(OURS, SESSION, "Lock")
            return heard != []

        qtbot.waitUntil(told)
        session.lock_desktop()
        qtbot.waitUntil(lambda: logind.locked == ["2"])


def test_logind_comes_later_and_begins_anew(qtbot: QtBot, bus: str) -> None:
    with listening(bus) as session:
        for _ in range(2):
            logind = Logind(bus)
            qtbot.waitUntil(logind.watched)
            with qtbot.waitSignal(session.gone):
                logind.says(OURS, SESSION, "Lock")
            assert logind.inhibitors[0].held()
            logind.close()


# -- holding sleep back -----------------------------------------------------------------------------------


def test_sleep_is_held_back_until_the_lock_is_shown(
    qtbot: QtBot, session: DesktopSession, logind: Logind
) -> None:
    first = logind.inhibitors[0]
    assert (first.what, first.who, first.mode) == ("sleep", "窓口", "delay")
    # a lock long before any sleep; what is asked after it is answered, so it was dealt with
    with qtbot.waitSignal(session.gone):
        session.lock_is_shown()
        session.lock_desktop()
    assert first.held()
    with qtbot.waitSignal(session.gone):
        logind.prepare_for_sleep(True)
    assert first.held()
    session.lock_is_shown()
    qtbot.waitUntil(lambda: not first.held())
    logind.prepare_for_sleep(False)
    qtbot.waitUntil(lambda: len(logind.inhibitors) == 2)
    assert logind.inhibitors[1].held()


def test_a_counter_that_never_shows_its_lock_lets_the_machine_sleep(
    qtbot: QtBot, bus: str, logind: Logind
) -> None:
    with listening(bus, hold_seconds=0.1):
        qtbot.waitUntil(logind.watched)
        logind.prepare_for_sleep(True)
        qtbot.waitUntil(lambda: not logind.inhibitors[0].held())
        logind.prepare_for_sleep(False)
        qtbot.waitUntil(lambda: len(logind.inhibitors) == 2)
        assert logind.inhibitors[1].held()


def test_logind_s_leave_that_comes_late_is_taken(
    qtbot: QtBot,
    bus: str,
    logind: Logind,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It asks polkit first, which may only just be starting."""
    logind.answers = "never"
    with listening(bus) as session:
        qtbot.waitUntil(lambda: logind.unanswered != [])
        monkeypatch.setattr(system_bus, "ANSWER_SECONDS", 0.1)
        session.lock_desktop()
        qtbot.waitUntil(lambda: "no answer yet" in caplog.text)
        with qtbot.waitSignal(session.gone):
            logind.answers_late()
        assert logind.inhibitors[0].held()


def test_leave_that_comes_while_the_machine_falls_asleep_is_given_back(
    qtbot: QtBot, bus: str, logind: Logind
) -> None:
    logind.answers = "never"
    with listening(bus) as session:
        qtbot.waitUntil(lambda: logind.unanswered != [])
        with qtbot.waitSignal(session.gone):
            logind.prepare_for_sleep(True)
        logind.answers_late()
        qtbot.waitUntil(lambda: not logind.inhibitors[0].held())
        logind.prepare_for_sleep(False)
        qtbot.waitUntil(lambda: len(logind.inhibitors) == 2)
        assert logind.inhibitors[1].held()


def test_a_program_that_was_started_does_not_hold_sleep_back(
    qtbot: QtBot, session: DesktopSession, logind: Logind
) -> None:
    another = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, close_fds=False)
    with qtbot.waitSignal(session.gone):
        logind.prepare_for_sleep(True)
    session.lock_is_shown()
    qtbot.waitUntil(lambda: not logind.inhibitors[0].held())
    assert another.poll() is None
    another.communicate(b"\n")


def test_listening_no_more_lets_go(qtbot: QtBot, bus: str, logind: Logind) -> None:
    with listening(bus):
        qtbot.waitUntil(logind.watched)
    qtbot.waitUntil(lambda: not logind.inhibitors[0].held())


# -- asking for the lock ----------------------------------------------------------------------------------


def test_the_lock_is_asked_for_and_comes_back(qtbot: QtBot, session: DesktopSession, logind: Logind) -> None:
    with qtbot.waitSignal(session.gone):
        session.lock_desktop()
    assert logind.locked == ["2"]


@pytest.mark.parametrize(("answers", "why"), [("no", "AccessDenied"), ("never", "no answer yet")])
def test_what_logind_does_not_do_is_logged_once(
    qtbot: QtBot,
    session: DesktopSession,
    logind: Logind,
    answers: str,
    why: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(system_bus, "ANSWER_SECONDS", 0.1)
    logind.answers = answers
    session.lock_desktop()
    qtbot.waitUntil(lambda: why in caplog.text)
    session.lock_desktop()
    qtbot.waitUntil(lambda: logind.locked == ["2", "2"])
    # and it is heard all the same
    for _ in range(3):
        with qtbot.waitSignal(session.gone):
            logind.says(OURS, SESSION, "Lock")
    assert caplog.text.count("LockSession") == 1


# -- no such bus ------------------------------------------------------------------------------------------


def is_left_alone(qtbot: QtBot, session: DesktopSession, caplog: pytest.LogCaptureFixture) -> None:
    """Whether nothing comes of a bus that is none, but one line in the log."""
    heard = times_gone(session)
    qtbot.waitUntil(lambda: "is not listened to" in caplog.text)
    session.lock_desktop()
    session.lock_is_shown()
    session.close()
    assert heard == []
    assert len(caplog.records) == 1


def test_without_a_bus_there_is_nothing_to_hear(
    qtbot: QtBot, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with listening(f"unix:path={tmp_path}/nothing") as session:
        is_left_alone(qtbot, session, caplog)


@pytest.mark.parametrize("address", ["", "unix:", "tcp:host=localhost,port=1", "nonsense", "autolaunch:"])
def test_an_address_of_no_bus(qtbot: QtBot, address: str, caplog: pytest.LogCaptureFixture) -> None:
    with listening(address) as session:
        is_left_alone(qtbot, session, caplog)


def test_a_bus_that_goes_away(
    qtbot: QtBot,
    session: DesktopSession,
    logind: Logind,
    bus_daemon: subprocess.Popen[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    bus_daemon.kill()
    is_left_alone(qtbot, session, caplog)
    qtbot.waitUntil(lambda: not logind.inhibitors[0].held())


def _hangs_up(_connection: socket.socket) -> None: ...


def _says_anything(connection: socket.socket) -> None:
    connection.sendall(b"\xff" * 10_000)


def _reads_line(connection: socket.socket) -> None:
    read = b""
    while not read.endswith(b"\r\n"):
        read += connection.recv(1)


def _lets_in(connection: socket.socket) -> None:
    for answer in (b"OK 0123\r\n", b"AGREE_UNIX_FD\r\n"):
        _reads_line(connection)
        connection.sendall(answer)
    _reads_line(connection)


def _answers_nonsense(connection: socket.socket) -> None:
    _lets_in(connection)
    connection.sendall(b"l\2\1\1" + b"\xff" * 10_000)


def _passes_no_descriptors(connection: socket.socket) -> None:
    _reads_line(connection)
    connection.sendall(b"OK 0123\r\n")
    _reads_line(connection)
    connection.sendall(b"ERROR\r\n")


@pytest.mark.parametrize("how", [_hangs_up, _says_anything, _answers_nonsense, _passes_no_descriptors])
def test_what_is_no_bus_disturbs_nobody(
    qtbot: QtBot, tmp_path: Path, how: Callable[[socket.socket], None], caplog: pytest.LogCaptureFixture
) -> None:
    with no_bus(tmp_path / "none", how) as address, listening(address) as session:
        is_left_alone(qtbot, session, caplog)


def test_a_bus_that_never_answers_keeps_no_program_from_ending(qtbot: QtBot, tmp_path: Path) -> None:
    let_in: list[None] = []

    def falls_silent(connection: socket.socket) -> None:
        _lets_in(connection)
        let_in.append(None)
        while connection.recv(1000):
            pass

    with no_bus(tmp_path / "none", falls_silent) as address, listening(address) as session:
        qtbot.waitUntil(lambda: let_in != [])
        session.close()


@contextmanager
def no_bus(path: Path, answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """The address of something that is no bus, for one program to connect to."""
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(path))
        door.listen()

        def serve() -> None:
            connection, _ = door.accept()
            with connection:
                answer(connection)

        thread = Thread(target=serve)
        thread.start()
        yield f"unix:path={path}"
        thread.join(10)


# -- ids and paths ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("session", "path"), [("2", "_32"), ("c7", "c7"), ("12", "_312"), ("a-b", "a_2db"), ("窓", "_e7_aa_93")]
)
def test_a_session_s_path_is_logind_s(session: str, path: str) -> None:
    assert path_element(session) == path
    assert session_at(f"{MANAGER}/session/{path}") == session
