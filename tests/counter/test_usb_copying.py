"""Files from and to a stick: checked by the setting's command, seen only when clean."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from madoguchi.app.devices.copying import Listing, listed
from madoguchi.widgets import copying_desk
from tests.counter.central import Gate
from tests.counter.harness import Counter, unique, where_said
from tests.counter.usb import UsbHouse, page, strip
from tests.counter.usb_copying import at_work, counter, files, many, names, noted, open_files, usb

__all__ = ["counter", "usb"]

VIRUS = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


def audited(usb: UsbHouse) -> str:
    with usb.house.library.engine.connect() as connection:
        return str(list(connection.exec_driver_sql("select subject from audit.record")))


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
