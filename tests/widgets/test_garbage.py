"""Widgets caught in a cycle are freed in the GUI thread, whoever allocates."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from madoguchi.widgets.garbage import GuiGarbageCollector


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[GuiGarbageCollector]:
    """Collection in this thread alone."""
    made = GuiGarbageCollector()
    yield made
    made.close()


class Ring:
    """A cycle that says in which thread it was freed."""

    def __init__(self, freed_in: list[str]) -> None:
        self._itself = self
        self._freed_in = freed_in

    def __del__(self) -> None:
        self._freed_in.append(threading.current_thread().name)


def _make_and_allocate(freed_in: list[str]) -> None:
    """Drops a cycle, then allocates in another thread far past every threshold."""
    for _ in range(20):
        Ring(freed_in)
    elsewhere = threading.Thread(target=lambda: [[] for _ in range(200_000)], name="elsewhere")
    elsewhere.start()
    elsewhere.join()


def test_cycles_are_freed_here_and_in_time(collector: GuiGarbageCollector, qtbot: QtBot) -> None:
    freed_in: list[str] = []
    _make_and_allocate(freed_in)
    assert freed_in == []
    qtbot.waitUntil(lambda: len(freed_in) == 20)
    assert set(freed_in) == {threading.main_thread().name}


def test_without_it_another_thread_would_free_them() -> None:
    freed_in: list[str] = []
    _make_and_allocate(freed_in)
    assert "elsewhere" in freed_in


def test_closing_gives_collection_back(qtbot: QtBot) -> None:
    made = GuiGarbageCollector()
    assert not gc.isenabled()
    made.close()
    assert gc.isenabled()
