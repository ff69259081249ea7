"""Files from and to a stick: checked by the setting's command, seen only when clean, on record."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from madoguchi.app.devices.copying import MOST_LISTED, Listing, listed
from madoguchi.widgets import copy_notes, copying_desk
from tests.counter.central import Gate, House
from tests.counter.harness import Counter, unique, where_said
from tests.counter.usb import CHECK, UsbHouse, approve, ask, page, strip, usb_house

VIRUS = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


@pytest.fixture
def usb(house: House, tmp_path: Path) -> Iterator[UsbHouse]:
    with usb_house(house, tmp_path) as made:
        made.enrol()
        yield made


def at_work(usb: UsbHouse, check: list[str] | None = CHECK) -> Counter:
    """A clerk whose exception is open, the stick mounted."""
    if check is not None:
        usb.set_check(check)
    counter = usb.counter()
    counter.sign_in(usb.house.take_on())
    counter.window.close_card()
    usb.plug_stick()
    ask(counter)
    approve(counter, usb.house.take_on("security_manager"))
    assert 10 not in counter.live_keys(), "nothing is mounted yet"
    usb.mount()
    counter.until(lambda: 10 in counter.live_keys())
    return counter


@pytest.fixture
def counter(usb: UsbHouse) -> Counter:
    return at_work(usb)


def files(counter: Counter) -> list[str]:
    return [record.cells[0] for record in page(counter).files.view().records]


def open_files(counter: Counter, key: int, count: int) -> None:
    counter.f(key)
    counter.until(lambda: len(files(counter)) == count)
    assert page(counter).files.isVisible()


def noted(usb: UsbHouse) -> list[tuple[object, ...]]:
    with usb.house.library.engine.connect() as connection:
        found = connection.exec_driver_sql(
            "select way, verdict, files, bytes from account.usb_copy order by way, verdict"
        )
        return [tuple(row) for row in found]


def audited(usb: UsbHouse) -> str:
    with usb.house.library.engine.connect() as connection:
        return str(list(connection.exec_driver_sql("select subject from audit.record")))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_file_is_taken_in_and_noted_without_its_name(usb: UsbHouse, counter: Counter) -> None:
    name = unique("genko")
    (usb.stick / f"{name}.txt").write_bytes(b"a manuscript")
    (usb.stick / "other.txt").write_bytes(b"x")
    open_files(counter, 10, 2)
    page(counter).files.select("0")
    counter.f(10)
    counter.until(lambda: strip(counter).startswith("取り込みました 1件"))
    assert names(usb.folder) == [f"{name}.txt"]
    assert (usb.folder / f"{name}.txt").read_bytes() == b"a manuscript"
    counter.until(lambda: noted(usb) == [("from_stick", "clean", 1, 12)])
    assert name not in audited(usb)
    # and all of it
    counter.f(9)
    counter.until(lambda: strip(counter).startswith("取り込みました 2件"))
    assert names(usb.folder) == [f"{name} (2).txt", f"{name}.txt", "other.txt"]
    counter.f(11)
    assert files(counter) == []
    assert page(counter).table.isVisible()


def test_a_file_is_written_to_the_stick(usb: UsbHouse, counter: Counter) -> None:
    usb.folder.mkdir()
    (usb.folder / "list.csv").write_bytes(b"1,2")
    open_files(counter, 9, 1)
    counter.press(Qt.Key.Key_Return, "\r")
    counter.until(lambda: strip(counter).startswith("書き出しました 1件"))
    assert names(usb.stick) == ["list.csv"]
    counter.until(lambda: noted(usb) == [("to_stick", "clean", 1, 3)])


def test_a_virus_is_stopped_noted_and_the_stick_closed(usb: UsbHouse, counter: Counter) -> None:
    (usb.stick / "1 clean.txt").write_bytes(b"fine")
    (usb.stick / "2 bad.exe").write_bytes(VIRUS)
    (usb.stick / "3 never.txt").write_bytes(b"fine")
    open_files(counter, 10, 3)
    counter.f(9)
    counter.until(lambda: "ウイルス検査で止めました" in where_strip(counter))
    assert names(usb.folder) == ["1 clean.txt"]
    counter.until(lambda: noted(usb) == [("from_stick", "clean", 1, 4), ("from_stick", "found", 0, 0)])
    counter.until(lambda: not usb.agent.is_usable())
    # why it ended is what is still to be read
    counter.until(lambda: counter.window.devices.lease is None)
    assert strip(counter).startswith("ウイルス検査で止めました")


def where_strip(counter: Counter) -> str:
    """All that the strip has said lately stands in it, or was replaced by the end of the exception."""
    return " ".join(seen_strips(counter))


def seen_strips(counter: Counter) -> list[str]:
    return [strip(counter), *SEEN]


SEEN: list[str] = []


@pytest.fixture(autouse=True)
def _strips(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remembers what the strip said: the end of the exception comes right behind the verdict."""
    from madoguchi.widgets.look.outcome_strip import OutcomeStrip

    SEEN.clear()
    before = OutcomeStrip.set_view

    def set_view(self: OutcomeStrip, view: object) -> None:
        SEEN.append(f"{view.word} {view.title}")  # type: ignore[attr-defined]
        before(self, view)  # type: ignore[arg-type]

    monkeypatch.setattr(OutcomeStrip, "set_view", set_view)


def test_what_leaves_is_checked_first(usb: UsbHouse, counter: Counter) -> None:
    usb.folder.mkdir()
    (usb.folder / "bad.exe").write_bytes(VIRUS)
    open_files(counter, 9, 1)
    counter.f(10)
    counter.until(lambda: "ウイルス検査で止めました" in where_strip(counter))
    assert names(usb.stick) == []
    counter.until(lambda: noted(usb) == [("to_stick", "found", 0, 0)])


def test_without_a_command_nothing_is_copied(usb: UsbHouse) -> None:
    counter = at_work(usb, None)
    (usb.stick / "1.txt").write_bytes(b"1")
    counter.f(10)
    assert strip(counter).startswith("コピーできません この端末にはウイルス検査")
    assert files(counter) == []
    assert names(usb.folder) == []


def test_a_command_that_does_not_work_lets_nothing_by(usb: UsbHouse) -> None:
    counter = at_work(usb, ["/no/such/scanner", "{file}"])
    (usb.stick / "1.txt").write_bytes(b"1")
    open_files(counter, 10, 1)
    counter.f(10)
    counter.until(lambda: strip(counter).startswith("コピーできませんでした"))
    assert names(usb.folder) == []
    counter.until(lambda: noted(usb) == [("from_stick", "failed", 0, 0)])
    assert usb.agent.is_usable()


def hanging(folder: Path) -> list[str]:
    """A scanner that says that it has begun, and never ends."""
    program = f"import pathlib, time; pathlib.Path({str(folder / 'begun')!r}).touch(); time.sleep(120)"
    return [sys.executable, "-c", program, "{file}"]


@pytest.mark.parametrize("way", ["F11", "F12", "unplug"])
def test_a_check_that_hangs_can_be_stopped(usb: UsbHouse, tmp_path: Path, way: str) -> None:
    counter = at_work(usb, hanging(tmp_path))
    (usb.stick / "1.txt").write_bytes(b"1")
    open_files(counter, 10, 1)
    counter.f(10)
    counter.until((tmp_path / "begun").exists)
    assert [name[:10] for name in names(usb.folder)] == [".checking-"]
    if way == "unplug":
        usb.agent.unplug()
    else:
        counter.f(int(way[1:]))
    counter.until(lambda: names(usb.folder) == [])
    if way == "F11":
        counter.until(lambda: strip(counter).startswith("コピーを中止しました"))
    elif way == "unplug":
        counter.until(lambda: not page(counter).copying.busy)
        # what became of the exception is not hidden by what became of the copy
        assert strip(counter).startswith("USB の例外が終わりました")
    assert noted(usb) == []


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
    copied = [name for name in names(usb.folder) if not name.startswith(".")]
    assert 1 < len(copied) < 40
    with usb.house.library.engine.connect() as connection:
        said = connection.exec_driver_sql("select sum(files) from account.usb_copy where verdict = 'clean'")
        assert said.scalar_one() == len(copied)
    counter.settled()
    assert counter.window.sign_in.panel.message() == ""


def test_what_was_copied_is_noted_once_the_line_is_back(usb: UsbHouse, counter: Counter) -> None:
    (usb.stick / "1.txt").write_bytes(b"123")
    open_files(counter, 10, 1)
    gate = counter.server
    assert isinstance(gate, Gate)
    gate.lose_answers = True
    counter.f(10)
    counter.until(lambda: strip(counter).startswith("取り込みました 1件"))
    counter.until(lambda: gate.cut)
    gate.cut = False
    counter.settled()
    # the answer was lost, and it is noted once all the same
    assert noted(usb) == [("from_stick", "clean", 1, 3)]


def test_a_stick_that_cannot_be_read_is_said(usb: UsbHouse, counter: Counter) -> None:
    usb.stick.rmdir()
    counter.f(10)
    counter.until(lambda: strip(counter).startswith("ファイルを読めません"))
    assert page(counter).table.isVisible()


def test_hostile_names_are_shown_plain_and_made_plain(usb: UsbHouse, counter: Counter) -> None:
    (usb.stick / "a\u202etxt.exe\n<b>").write_bytes(b"1")
    open_files(counter, 10, 1)
    assert files(counter) == ["a<U+202E>txt.exe␊<b>"]
    counter.f(9)
    counter.until(lambda: strip(counter).startswith("取り込みました 1件"))
    assert names(usb.folder) == ["a_txt.exe__b_"]
    assert where_said("\u202e") == []


def many(folder: Path, count: int) -> None:
    """So many files of three bytes."""
    folder.mkdir(exist_ok=True)
    for number in range(count):
        (folder / f"{number:03}.txt").write_bytes(b"123")


AT_ONCE = ["/bin/true", "{file}"]


def test_however_many_files_are_copied_all_are_on_record(usb: UsbHouse) -> None:
    counter = at_work(usb, AT_ONCE)
    many(usb.stick, MOST_LISTED)
    open_files(counter, 10, MOST_LISTED)
    counter.f(9)
    counter.until(lambda: strip(counter).startswith(f"取り込みました {MOST_LISTED}件"), 60_000)
    # the first one was noted when it came
    assert noted(usb)[0] == ("from_stick", "clean", 1, 3)
    assert counter.window.devices.lease is not None
    counter.f(12)
    counter.until(lambda: usb.house.open_sessions(str(usb.exceptions()[0]["login"])) == 0)
    found = noted(usb)
    assert sum(int(str(row[2])) for row in found) == MOST_LISTED
    assert sum(int(str(row[3])) for row in found) == 3 * MOST_LISTED
    # of one exception the server takes two hundred
    assert len(found) < 10


def test_what_was_gathered_is_noted_without_anybody_leaving(
    usb: UsbHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copy_notes, "EVERY_MS", 500)
    counter = at_work(usb, AT_ONCE)
    many(usb.stick, 30)
    open_files(counter, 10, 30)
    counter.f(9)
    counter.until(lambda: sum(int(str(row[2])) for row in noted(usb)) == 30)


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
    assert len(names(usb.folder)) < 300


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


def test_without_the_server_nothing_is_copied(usb: UsbHouse, tmp_path: Path) -> None:
    counter = at_work(usb, hanging(tmp_path))
    many(usb.stick, 2)
    open_files(counter, 10, 2)
    counter.f(10)
    counter.until((tmp_path / "begun").exists)
    gate = counter.server
    assert isinstance(gate, Gate)
    gate.cut = True
    counter.application.worker.ask(lambda _: None, lambda _: None)
    counter.until(lambda: not counter.window.line_up)
    counter.until(lambda: not page(counter).copying.busy)
    assert strip(counter).startswith("コピーできません サーバーに届かないので記録できません")
    assert names(usb.folder) == []
    # neither is it begun
    (tmp_path / "begun").unlink()
    for key in (10, 11, 10):
        counter.window.show_strip(page(counter).idle_strip())
        counter.f(key)
        if key == 10:
            assert strip(counter).startswith("コピーできません サーバーに届かないので記録できません")
    assert files(counter) == []
    assert not page(counter).copying.busy
    gate.cut = False
    counter.settled()
    assert noted(usb) == []
    assert not (tmp_path / "begun").exists()


def test_files_that_the_list_does_not_show_are_said(usb: UsbHouse, counter: Counter) -> None:
    (usb.stick / "1.txt").write_bytes(b"123")
    (usb.stick / ".2.txt").write_bytes(b"123")
    open_files(counter, 10, 1)
    assert strip(counter).startswith("一覧に出ないファイルがあります")
    assert "ほかにもあります" in page(counter).files.view().note
    counter.f(9)
    counter.until(lambda: strip(counter).startswith("取り込みました 1件"))
    view = counter.window.frame.strip.view()
    assert view.side_second == "一覧に出ないファイルが残っています"


def test_a_file_that_cannot_be_read_is_no_failed_check(usb: UsbHouse, counter: Counter) -> None:
    many(usb.stick, 1)
    open_files(counter, 10, 1)
    (usb.stick / "000.txt").unlink()
    counter.f(10)
    counter.until(lambda: strip(counter).startswith("コピーできませんでした"))
    counter.settled()
    assert noted(usb) == []


def test_a_list_that_comes_late_is_not_shown_for_another(
    usb: UsbHouse, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(usb.stick, 3)
    many(usb.folder, 1)
    told, late = threading.Event(), threading.Event()

    def slowly(folder: Path) -> Listing:
        found = listed(folder)
        if folder == usb.stick:
            told.wait()
            late.set()
        return found

    monkeypatch.setattr(copying_desk, "listed", slowly)
    counter.f(10)
    counter.f(11)
    open_files(counter, 9, 1)
    told.set()
    counter.until(late.is_set)
    for _ in range(5):
        counter.turn()
    assert len(files(counter)) == 1


def test_what_a_dead_window_left_is_cleared_at_the_start(usb: UsbHouse) -> None:
    left = usb.folder / ".checking-0a"
    left.mkdir(parents=True)
    (left / "unseen").write_bytes(b"of a stick")
    usb.counter().until(lambda: names(usb.folder) == [])
