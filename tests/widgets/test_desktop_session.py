"""What logind tells over the bus: a real bus, and in logind's place a process that has its name there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtDBus import QDBusConnection
from pytestqt.qtbot import QtBot

from madoguchi.widgets.desktop_session import DesktopSession, path_element
from tests.support.logind import ANOTHERS, LOGIND, MANAGER, OURS, SESSION, Logind, bus, logind

__all__ = ["bus", "logind"]

_numbers = count(1)


@pytest.fixture
def session(bus: str, qapp: QObject) -> Iterator[DesktopSession]:
    del qapp
    name = f"counter {next(_numbers)}"
    made = DesktopSession(QDBusConnection.connectToBus(bus, name), {"XDG_SESSION_ID": "2"})
    assert made.listen()
    yield made
    QDBusConnection.disconnectFromBus(name)


def test_sleep_is_heard(qtbot: QtBot, session: DesktopSession, logind: Logind) -> None:
    for begins in (True, False):
        with qtbot.waitSignal(session.gone, timeout=5_000):
            logind.says(MANAGER, f"{LOGIND}.Manager", "PrepareForSleep", begins)


def test_the_desktops_lock_is_heard(qtbot: QtBot, session: DesktopSession, logind: Logind) -> None:
    with qtbot.waitSignal(session.gone, timeout=5_000):
        logind.says(OURS, SESSION, "Lock")


def test_what_is_another_session_s_or_nothing_is_not(
    qtbot: QtBot, session: DesktopSession, logind: Logind
) -> None:
    heard: list[None] = []
    session.gone.connect(lambda: heard.append(None))
    logind.says(ANOTHERS, SESSION, "Lock")
    logind.says(OURS, SESSION, "Unlock")
    with qtbot.waitSignal(session.gone, timeout=5_000):
        logind.says(OURS, SESSION, "Lock")
    assert heard == [None]


def test_without_a_bus_there_is_nothing_to_hear(qapp: QObject, tmp_path: Path) -> None:
    del qapp
    nowhere = QDBusConnection.connectToBus(f"unix:path={tmp_path}/nothing", f"nowhere {next(_numbers)}")
    session = DesktopSession(nowhere, {"XDG_SESSION_ID": "2"})
    assert not session.listen()


@pytest.mark.parametrize(
    ("session", "path"), [("2", "_32"), ("c7", "c7"), ("12", "_312"), ("a-b", "a_2db"), ("窓", "_e7_aa_93")]
)
def test_a_session_s_path_is_logind_s(session: str, path: str) -> None:
    assert path_element(session) == path
