"""How notes of what is copied are made: not more than the server takes, and none that nobody waits for."""

from __future__ import annotations

import threading

import pytest

from madoguchi.app.devices.values import CopyWay, DeviceRefusal, Verdict
from madoguchi.widgets import copy_notes
from madoguchi.widgets.copy_notes import (
    MOST_BYTES_GATHERED,
    SPARING,
    SPARING_SECONDS,
    CopyNote,
    CopyRecord,
    Pace,
)

MOST_NOTES = 200
"""Of one exception the server takes so many."""
HOUR = 60 * 60


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Stop(threading.Event):
    """A copy that nobody stops; whoever waits for that has waited for so long."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self._clock.now += timeout
        return self.is_set()


class Devices:
    """The server as a note knows it: what it was told, and what it answers."""

    def __init__(self, answer: DeviceRefusal | None = None) -> None:
        self.devices = self
        self.answer = answer
        self.told: list[tuple[object, ...]] = []

    def note_copy(
        self, id_: object, number: int, *, way: CopyWay, verdict: Verdict, files: int, size: int
    ) -> DeviceRefusal | None:
        self.told.append((id_, number, way, verdict, files, size))
        return self.answer


def record(clock: Clock, server: Devices, cancelled: threading.Event) -> CopyRecord:
    """The record of a copy whose notes the server is told of at once."""

    def tell(note: CopyNote) -> None:
        note.tell(server)  # type: ignore[arg-type]

    return CopyRecord(Pace(clock), 7, CopyWay.TO_STICK, cancelled, tell)


@pytest.mark.parametrize("seconds_a_file", [0.001, 0.3, 5.0])
@pytest.mark.parametrize("size", [1, MOST_BYTES_GATHERED])
@pytest.mark.parametrize("files_a_copy", [1, 500])
def test_an_hour_of_copying_is_noted_in_as_many_notes_as_the_server_takes(
    seconds_a_file: float, size: int, files_a_copy: int
) -> None:
    clock, server = Clock(), Devices()
    made = record(clock, server, Stop(clock))
    copied = waiting = 0
    ends_at = clock.now + HOUR
    while clock.now < ends_at:
        clock.now += seconds_a_file
        copied += 1
        waiting += 1
        # a copy that is over leaves nothing that is not noted
        if made.is_due(waiting * size) or copied % files_a_copy == 0:
            assert made.note(waiting, waiting * size)
            waiting = 0
    assert sum(int(str(told[4])) for told in server.told) + waiting == copied
    assert len(server.told) <= MOST_NOTES


def test_the_first_file_waits_for_no_other_and_what_is_large_for_nothing() -> None:
    clock = Clock()
    made = record(clock, Devices(), Stop(clock))
    assert made.is_due(1)
    assert made.note(1, 1)
    assert not made.is_due(1)
    assert made.is_due(MOST_BYTES_GATHERED)
    clock.now += 1
    assert made.is_due(1)


def test_whoever_stops_a_copy_does_not_wait_for_the_next_note() -> None:
    clock, server = Clock(), Devices()
    cancelled = Stop(clock)
    made = record(clock, server, cancelled)
    for _ in range(SPARING):
        assert made.note(1, 1)
    began = clock.now
    assert made.note(1, 1)
    assert clock.now - began == SPARING_SECONDS
    cancelled.set()
    assert not made.note(1, 1)
    assert len(server.told) == SPARING + 1


def test_what_a_check_found_is_noted_at_once_however_many_there_were() -> None:
    clock, server = Clock(), Devices()
    made = record(clock, server, Stop(clock))
    for _ in range(SPARING):
        made.note(1, 1)
    began = clock.now
    made.note_not_clean(Verdict.FOUND)
    assert clock.now == began
    assert server.told[-1][1:] == (7, CopyWay.TO_STICK, Verdict.FOUND, 0, 0)


def test_what_the_server_refuses_is_not_on_record() -> None:
    clock = Clock()
    assert not record(clock, Devices(DeviceRefusal.TOO_MANY), Stop(clock)).note(1, 1)


def test_a_note_that_nobody_waits_for_is_not_made() -> None:
    server, cancelled = Devices(), threading.Event()
    cancelled.set()
    note = CopyNote(7, CopyWay.FROM_STICK, Verdict.CLEAN, 1, 1)
    assert not note.wait(cancelled)
    assert note.tell(server) is None  # type: ignore[arg-type]
    assert server.told == []


def test_a_copy_that_is_stopped_while_the_server_is_asked_hears_its_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # however busy this machine is
    monkeypatch.setattr(copy_notes, "LAST_ANSWER_SECONDS", 60.0)
    asked, cancelled = threading.Event(), threading.Event()

    class Slow(Devices):
        def note_copy(self, *args: object, **said: object) -> None:  # type: ignore[override]
            asked.set()
            cancelled.wait()

    note = CopyNote(7, CopyWay.FROM_STICK, Verdict.CLEAN, 1, 1)
    thread = threading.Thread(target=note.tell, args=(Slow(),))
    thread.start()
    asked.wait()
    cancelled.set()
    assert note.wait(cancelled)
    thread.join()


def test_what_was_asked_before_an_outage_is_not_asked_again_for_nobody() -> None:
    cancelled = threading.Event()

    class Lost(Devices):
        def note_copy(self, *args: object, **said: object) -> None:  # type: ignore[override]
            self.told.append(args)
            raise ConnectionError

    server = Lost()
    note = CopyNote(7, CopyWay.FROM_STICK, Verdict.CLEAN, 1, 1)
    for _ in range(2):
        # while somebody waits it is asked again, as the same note
        with pytest.raises(ConnectionError):
            note.tell(server)  # type: ignore[arg-type]
    assert server.told[0] == server.told[1]
    cancelled.set()
    assert not note.wait(cancelled)
    assert note.tell(server) is None  # type: ignore[arg-type]
    assert len(server.told) == 2
