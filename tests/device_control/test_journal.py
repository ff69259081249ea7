"""The records on the disk: what a crash leaves, what damage is, and what is let go of."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.device_control import journal as journal_module
from madoguchi.device_control.journal import Journal, NotKept
from madoguchi.device_control.sealed import mac, receipt_text

KEY = bytes(range(32))
TERMINAL = "counter-7"

Open = Callable[[], Journal]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    return lambda: Journal(tmp_path / "records", TERMINAL, KEY, lambda: "2026-11-30T05:00:00+00:00")


def what(journal: Journal) -> list[str]:
    return [json.loads(record.text)["what"] for record in journal.after(0)]


def receipt(journal: Journal, seq: int) -> tuple[str, str]:
    """The server's, for one of the journal's records, and its MAC."""
    text = receipt_text(TERMINAL, seq, journal.after(seq - 1)[0].mac)
    return text, mac(KEY, text)


def confirm(journal: Journal, seq: int) -> int | None:
    return journal.confirm(*receipt(journal, seq))


def test_what_was_appended_is_there_again(opened: Open) -> None:
    first = opened()
    first.append("allowed", {"name": "スキャナー\u2028", "port": "1-1"})
    first.note("gone", {})
    again = opened()
    assert again.after(0) == first.after(0)
    assert json.loads(again.after(0)[0].text)["name"] == "スキャナー\u2028"


@given(cut=st.integers(min_value=1, max_value=400))
def test_of_a_write_that_broke_off_nothing_is_left(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    folder = tmp_path_factory.mktemp("records")

    def opened() -> Journal:
        return Journal(folder, TERMINAL, KEY, lambda: "now")

    journal = opened()
    journal.append("one", {})
    (file,) = folder.glob("[0-9]*")
    whole = file.stat().st_size
    journal.append("two", {})
    os.truncate(file, max(whole, file.stat().st_size - cut))
    again = opened()
    assert what(again) == ["one"]
    again.append("three", {})
    assert what(opened()) == ["one", "three"]


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.replace(b'"one"', b'"ONE"'),
        lambda raw: raw.split(b"\n", 1)[1],
        lambda raw: b"\n".join(raw.split(b"\n")[::-1]),
        lambda raw: b"\0" * 40 + raw,
        lambda raw: raw.replace(b"1 ", b"01 ", 1),
    ],
    ids=["a word", "the first line", "the order", "before it", "a number"],
)
def test_damage_is_seen_and_nothing_is_recorded(
    tmp_path: Path, opened: Open, change: Callable[[bytes], bytes]
) -> None:
    journal = opened()
    journal.append("one", {})
    journal.append("two", {})
    (file,) = (tmp_path / "records").glob("[0-9]*")
    file.write_bytes(change(file.read_bytes()))
    before = file.read_bytes()
    again = opened()
    assert again.fault
    with pytest.raises(NotKept):
        again.append("three", {})
    # it stays as it is, for whoever looks into it
    assert file.read_bytes() == before


def test_only_the_last_file_can_end_in_the_midst_of_a_line(
    tmp_path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "_IN_A_FILE", 2)
    journal = opened()
    for word in ("one", "two", "three"):
        journal.append(word, {})
    first = min((tmp_path / "records").glob("[0-9]*"))
    cut = first.read_bytes()[:-5]
    first.write_bytes(cut)
    with pytest.raises(NotKept):
        opened().append("four", {})
    assert first.read_bytes() == cut


def test_a_record_is_not_there_before_the_disk_has_it(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = opened()
    journal.append("one", {})
    real = os.fdatasync

    def fails(descriptor: int) -> None:
        raise OSError(errno.EIO, "the disk is broken")

    monkeypatch.setattr(os, "fdatasync", fails)
    with pytest.raises(NotKept):
        journal.append("two", {})
    journal.note("closed", {})
    assert what(journal) == ["one"]
    assert journal.fault
    monkeypatch.setattr(os, "fdatasync", real)
    assert journal.settle()
    assert what(opened()) == ["one", "closed"]


def test_a_file_whose_name_is_not_on_the_disk_has_no_line(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = opened()
    synced: list[Path] = []

    def fails(folder: Path) -> None:
        raise OSError(errno.EIO, "the disk is broken")

    with monkeypatch.context() as broken:
        broken.setattr(journal_module, "sync", fails)
        for _ in range(2):
            with pytest.raises(NotKept):
                journal.append("one", {})
    monkeypatch.setattr(journal_module, "sync", synced.append)
    journal.append("two", {})
    # the name of the file that was there already, too
    assert len(synced) == 1
    journal.append("three", {})
    assert len(synced) == 1
    again = opened()
    assert (again.fault, what(again)) == ("", ["two", "three"])


def test_where_a_part_of_a_line_cannot_be_cut_off_nothing_follows_it(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = opened()
    journal.append("one", {})

    def fails(*_: object) -> None:
        raise OSError(errno.EIO, "the disk is broken")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fdatasync", fails)
        broken.setattr(os, "ftruncate", fails)
        with pytest.raises(NotKept):
            journal.append("two", {})
    with pytest.raises(NotKept):
        journal.append("three", {})


def test_whole_files_go_when_the_server_has_them(
    tmp_path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "_IN_A_FILE", 3)
    journal = opened()
    for number in range(10):
        journal.append("blocked", {"number": number})
    half, whole = receipt(journal, 5), receipt(journal, 10)
    assert journal.confirm(*half) == 5
    assert [file.name[-2:] for file in sorted((tmp_path / "records").glob("[0-9]*"))] == ["04", "07", "10"]
    assert journal.confirm(*whole) == 10
    assert not list((tmp_path / "records").glob("[0-9]*"))
    # one of before changes nothing, nor does the same one again
    assert journal.confirm(*half) == 10
    assert journal.confirm(*whole) == 10
    again = opened()
    assert again.confirm(*whole) == 10
    again.append("blocked", {})
    assert [record.seq for record in opened().after(0)] == [11]


def test_a_confirmed_file_that_stayed_is_not_sent_again(tmp_path: Path, opened: Open) -> None:
    journal = opened()
    journal.append("one", {})
    (file,) = (tmp_path / "records").glob("[0-9]*")
    kept = file.read_bytes()
    confirm(journal, 1)
    file.write_bytes(kept)
    again = opened()
    assert again.unsent == 0
    again.append("two", {})
    assert what(opened()) == ["two"]


def test_receipts_of_an_older_journal_let_go_of_nothing(tmp_path: Path) -> None:
    """The same terminal, the same key, its folder lost: the numbers begin anew, the records are others."""

    def made(name: str, at: str) -> Journal:
        journal = Journal(tmp_path / name, TERMINAL, KEY, lambda: at)
        for _ in range(3):
            journal.append("blocked", {"port": "1-1"})
        return journal

    older = made("older", "2026-11-30T05:00:00+00:00")
    old = [receipt(older, seq) for seq in (1, 2, 3)]
    newer = made("newer", "2026-11-30T06:00:00+00:00")
    assert [newer.confirm(*each) for each in old] == [None, None, None]
    assert newer.unsent == 3
    first = receipt(newer, 1)
    assert newer.confirm(*first) == 1
    # the number that is confirmed by now, and those that wait
    assert [newer.confirm(*each) for each in old] == [None, None, None]
    assert newer.unsent == 2
    assert newer.confirm(*receipt(newer, 3)) == 3


def test_what_could_not_be_written_off_stays(
    tmp_path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = opened()
    journal.append("one", {})

    def fails(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(journal_module, "keep", fails)
    with pytest.raises(NotKept):
        confirm(journal, 1)
    assert journal.unsent == 1


def test_there_is_an_end_to_what_it_keeps(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "MOST_RECORDS", 3)
    journal = opened()
    for _ in range(3):
        journal.append("blocked", {})
    with pytest.raises(NotKept):
        journal.append("allowed", {})
    assert not journal.settle()
    confirm(journal, 2)
    assert journal.settle()
    journal.append("allowed", {})
    assert what(journal) == ["blocked", "allowed"]


def last(journal: Journal) -> dict[str, object]:
    found: dict[str, object] = json.loads(journal.after(journal.unsent - 1)[-1].text)
    return found


def test_what_opens_nothing_does_not_take_the_last_room(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "MOST_RECORDS", 10)
    journal = opened()
    for _ in range(12):
        journal.note("blocked", {}, minor=True)
    with pytest.raises(NotKept):
        journal.append("lease_asked", {}, minor=True)
    assert (journal.unsent, journal.fault) == (8, "")
    again = opened()
    again.note("blocked", {}, minor=True)
    again.append("allowed", {})
    # how many are missing stands in the next one, once
    assert (last(again)["what"], last(again)["left_out"]) == ("allowed", 1)
    again.append("allowed", {})
    assert "left_out" not in last(again)
    confirm(again, 10)
    again.append("lease_asked", {}, minor=True)


def test_what_is_not_owed_any_more_is_counted(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "_MOST_OWED", 5)
    journal = opened()

    def fails(descriptor: int) -> None:
        raise OSError(errno.EIO, "the disk is broken")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fdatasync", fails)
        for _ in range(6):
            journal.note("blocked", {}, minor=True)
        for _ in range(4):
            journal.note("gone", {})
    assert journal.settle()
    assert what(journal) == ["blocked"] * 4 + ["gone"]
    journal.append("allowed", {})
    left_out = [json.loads(record.text).get("left_out", 0) for record in journal.after(0)]
    assert left_out == [0, 0, 0, 0, 2, 3]


def test_without_a_key_nothing_is_recorded(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "records", TERMINAL, b"", lambda: "now")
    with pytest.raises(NotKept):
        journal.append("one", {})
    assert journal.fault
    assert not (tmp_path / "records").exists()
