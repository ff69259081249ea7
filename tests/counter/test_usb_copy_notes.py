"""What is copied from and to a stick is on record at the server before anybody can see it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from madoguchi.app.devices.copying import MOST_LISTED
from madoguchi.app.devices.values import DeviceRefusal
from madoguchi.app.server.devices import CentralDevices
from madoguchi.app.server.outage import Outage
from tests.counter.central import Gate
from tests.counter.harness import Counter
from tests.counter.usb import UsbHouse, page, strip
from tests.counter.usb_copying import (
    AT_ONCE,
    at_work,
    counter,
    files_noted,
    many,
    names,
    noted,
    open_files,
    seen,
    usb,
)

__all__ = ["counter", "usb"]


@contextmanager
def held_up(gate: Gate) -> Iterator[None]:
    """The server is asked nothing for so long; also after a test that failed its worker comes to an end."""
    gate.shut()
    try:
        yield
    finally:
        gate.let_go()


@pytest.mark.parametrize("key", [10, 9], ids=["in", "out"])
def test_nothing_is_seen_before_the_server_has_answered(usb: UsbHouse, counter: Counter, key: int) -> None:
    source, target = (usb.stick, usb.folder) if key == 10 else (usb.folder, usb.stick)
    many(source, 1)
    open_files(counter, key, 1)
    gate = counter.server
    assert isinstance(gate, Gate)
    with held_up(gate):
        counter.f(10)
        counter.until(lambda: counter.application.worker.unanswered() > 0)
        counter.turn()
        assert seen(target) == []
    counter.until(lambda: not page(counter).copying.busy)
    assert seen(target) == ["000.txt"]
    assert files_noted(usb) == 1


@pytest.mark.parametrize("key", [10, 9], ids=["in", "out"])
def test_at_every_moment_all_that_is_seen_is_on_record(usb: UsbHouse, key: int) -> None:
    counter = at_work(usb, AT_ONCE)
    source, target = (usb.stick, usb.folder) if key == 10 else (usb.folder, usb.stick)
    many(source, MOST_LISTED)
    open_files(counter, key, MOST_LISTED)
    word = "取り込みました" if key == 10 else "書き出しました"
    looks: list[tuple[int, int]] = []

    def done() -> bool:
        # whatever is there now was noted before
        there = len(seen(target))
        looks.append((there, files_noted(usb)))
        return strip(counter).startswith(f"{word} {MOST_LISTED}件")

    counter.f(9)
    counter.until(done, 60_000)
    assert [look for look in looks if look[0] > look[1]] == []
    assert len({there for there, _ in looks}) > 2, "it was looked at in the middle"
    assert files_noted(usb) == MOST_LISTED
    assert sum(int(str(row[3])) for row in noted(usb)) == 3 * MOST_LISTED
    # of one exception the server takes two hundred
    assert len(noted(usb)) < MOST_LISTED / 4


def test_a_copy_that_is_stopped_before_the_server_was_asked_is_not_noted(
    usb: UsbHouse, counter: Counter
) -> None:
    many(usb.stick, 1)
    open_files(counter, 10, 1)
    gate = counter.server
    assert isinstance(gate, Gate)
    with held_up(gate):
        counter.f(10)
        counter.until(lambda: counter.application.worker.unanswered() > 0)
        counter.f(11)
        counter.until(lambda: strip(counter).startswith("コピーを中止しました 0件"))
    counter.settled()
    assert noted(usb) == []
    assert names(usb.folder) == []


def test_of_an_answer_that_is_lost_it_is_on_record_that_nobody_has_it(
    usb: UsbHouse, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(usb.stick, 1)
    open_files(counter, 10, 1)
    real, asked = CentralDevices.note_copy, 0

    def lose_it(self: CentralDevices, *args: Any, **named: Any) -> DeviceRefusal | None:
        nonlocal asked
        asked += 1
        real(self, *args, **named)
        raise Outage("its answer was lost")

    with monkeypatch.context() as patch:
        patch.setattr(CentralDevices, "note_copy", lose_it)
        counter.f(10)
        cannot = "コピーできません サーバーに届かないので記録できません"
        counter.until(lambda: strip(counter).startswith(cannot))
        counter.until(lambda: not page(counter).copying.busy)
        counter.settled()
    assert asked > 0
    assert names(usb.folder) == []
    assert noted(usb) == [("from_stick", "clean", 1, 3)]
    counter.f(10)
    counter.until(lambda: strip(counter).startswith("取り込みました 1件"))
    assert files_noted(usb) == 2


def test_what_a_line_that_is_down_kept_back_is_not_noted_later(usb: UsbHouse, counter: Counter) -> None:
    many(usb.stick, 1)
    open_files(counter, 10, 1)
    gate = counter.server
    assert isinstance(gate, Gate)
    gate.cut = True
    counter.f(10)
    counter.until(lambda: strip(counter).startswith("コピーできません サーバーに届かないので記録できません"))
    counter.until(lambda: not page(counter).copying.busy)
    assert names(usb.folder) == []
    gate.cut = False
    counter.settled()
    assert noted(usb) == []


def test_nothing_is_copied_that_the_server_does_not_note(usb: UsbHouse) -> None:
    counter = at_work(usb)
    usb.house.run(
        "insert into account.usb_copy (id, exception_number, way, verdict, files, bytes)"
        " select gen_random_uuid(), number, 'from_stick', 'clean', 1, 1"
        " from generate_series(1, 200), (select max(number) as number from account.usb_exception) as last"
    )
    many(usb.stick, 300)
    open_files(counter, 10, 300)
    counter.f(9)
    counter.until(lambda: not usb.agent.is_usable())
    counter.until(lambda: counter.window.devices.lease is None)
    counter.until(lambda: not page(counter).copying.busy)
    assert strip(counter).startswith("コピーを止めました サーバーが記録を受け付けません")
    assert names(usb.folder) == []


@pytest.mark.parametrize("way", ["F12", "sign out"])
def test_what_was_copied_before_a_lock_is_on_record(usb: UsbHouse, counter: Counter, way: str) -> None:
    for number in range(40):
        (usb.stick / f"{number:02}.txt").write_bytes(b"123")
    open_files(counter, 10, 40)
    counter.f(9)
    counter.until(lambda: len(names(usb.folder)) > 3)
    if way == "F12":
        counter.f(12)
    else:
        counter.window.sign_out()
    counter.until(lambda: usb.house.open_sessions(str(usb.exceptions()[0]["login"])) == 0)
    copied = seen(usb.folder)
    assert 1 < len(copied) < 40
    with usb.house.library.engine.connect() as connection:
        said = connection.exec_driver_sql("select sum(files) from account.usb_copy where verdict = 'clean'")
        assert said.scalar_one() == len(copied)
    counter.settled()
    assert counter.window.sign_in.panel.message() == ""


def test_a_lock_in_the_middle_of_writing_leaves_a_record_and_no_half_file(
    usb: UsbHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = at_work(usb, AT_ONCE)
    size = 5 * 1024 * 1024
    usb.folder.mkdir()
    (usb.folder / "out.img").write_bytes(b"x" * size)
    begun, goes_on = threading.Event(), threading.Event()
    real = os.fsync

    def slowly(file: int) -> None:
        # a stick takes longer than whoever locks is held up
        if Path(f"/proc/self/fd/{file}").readlink().parent == usb.stick.resolve():
            begun.set()
            goes_on.wait()
        real(file)

    monkeypatch.setattr(os, "fsync", slowly)
    open_files(counter, 9, 1)
    counter.f(10)
    counter.until(begun.is_set)
    try:
        assert len(names(usb.stick)) == 1
        assert "out.img" not in names(usb.stick)
        counter.f(12)
        counter.until(lambda: usb.house.open_sessions(str(usb.exceptions()[0]["login"])) == 0)
        assert noted(usb) == [("to_stick", "clean", 1, size)]
    finally:
        goes_on.set()
    counter.until(lambda: names(usb.stick) == [])
    counter.until(lambda: names(usb.folder) == ["out.img"])
