"""Work that waits for whoever left: whose it is, how long, and who can read it."""

from __future__ import annotations

import base64
import datetime as dt
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.app.staff.kept import KEYRING_SERVICE, KeptFiles, KeptWork, Parcel
from tests.support.keyring_backend import MemoryKeyring, ring

__all__ = ["ring"]

JST = dt.timezone(dt.timedelta(hours=9))
SECRET = "藤沢 花子 2000000011 こころ"


class Clock:
    """The library's time, as a test sets it."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 11, 28, 14, 38, tzinfo=JST)

    def __call__(self) -> dt.datetime:
        return self.now

    def at(self, hour: int, minute: int = 0, *, day: int = 28) -> None:
        """It is so late, on this day of November."""
        self.now = dt.datetime(2026, 11, day, hour, minute, tzinfo=JST)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kept"


@pytest.fixture
def open_store(clock: Clock, folder: Path, ring: MemoryKeyring) -> Iterator[Callable[[], KeptWork]]:
    """Opens this terminal's store, as the program does when it starts; closed at the end."""
    del ring
    opened: list[KeptWork] = []

    def start() -> KeptWork:
        for each in opened:
            each.close()
        opened.append(KeptWork(clock, KeptFiles(folder, clock)))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


def parcel(clock: Clock, login: str = "clerk", content: str = SECRET) -> Parcel:
    return Parcel(login, "訓練 太郎", clock(), content)


def loaded(store: KeptWork) -> KeptWork:
    """Waits until what was on disk has been read."""
    if store._loaded is not None:
        store._loaded.result()
    return store


def restarted(open_store: Callable[[], KeptWork]) -> KeptWork:
    """The program ends and is started again."""
    return loaded(open_store())


def test_it_waits_for_its_owner_and_for_nobody_else(clock: Clock, open_store: Callable[[], KeptWork]) -> None:
    store = loaded(open_store())
    store.put(parcel(clock))
    clock.at(14, 50)
    store.put(parcel(clock, "second", "another"))
    assert store.of("clerk") == Parcel("clerk", "訓練 太郎", clock().replace(minute=38), SECRET)
    assert store.of("third") is None
    assert store.of("second") == Parcel("second", "訓練 太郎", clock(), "another")
    store.drop("clerk")
    assert store.of("clerk") is None
    assert store.of("second") is not None


def test_it_outlives_the_program_and_not_its_owner(
    clock: Clock, open_store: Callable[[], KeptWork], folder: Path, ring: MemoryKeyring
) -> None:
    loaded(open_store()).put(parcel(clock))
    store = restarted(open_store)
    assert store.of("clerk") == parcel(clock)
    store.drop("clerk")
    assert restarted(open_store).of("clerk") is None
    assert not folder.exists()
    assert ring.kept == {}, "the last parcel has gone, and the key with it"


def test_on_the_disk_it_is_a_secret(
    clock: Clock, open_store: Callable[[], KeptWork], folder: Path, ring: MemoryKeyring
) -> None:
    store = loaded(open_store())
    store.put(parcel(clock))
    store.close()
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for word in (*SECRET.split(), "訓練", "clerk"):
        assert word.encode() not in file.read_bytes()
        assert word not in file.name
    ((service, _),) = ring.kept
    assert service == KEYRING_SERVICE
    assert SECRET not in repr(parcel(clock))


@pytest.mark.parametrize(
    ("left_at", "gone_at"),
    [((14, 38), (20, 0)), ((19, 59), (20, 0)), ((20, 0), (24, 0)), ((23, 59), (24, 0))],
)
def test_it_ends_at_closing_time(
    clock: Clock,
    open_store: Callable[[], KeptWork],
    folder: Path,
    left_at: tuple[int, int],
    gone_at: tuple[int, int],
) -> None:
    clock.at(*left_at)
    store = loaded(open_store())
    store.put(parcel(clock))
    end = dt.datetime(2026, 11, 28, tzinfo=JST) + dt.timedelta(hours=gone_at[0], minutes=gone_at[1])
    clock.now = end - dt.timedelta(seconds=1)
    assert store.of("clerk") is not None
    clock.now = end
    assert store.of("clerk") is None
    assert store.of("clerk") is None
    store.close()
    assert not folder.exists()


@pytest.mark.parametrize("day", [28, 29])
def test_the_end_holds_at_the_next_start_too(
    clock: Clock, open_store: Callable[[], KeptWork], folder: Path, ring: MemoryKeyring, day: int
) -> None:
    loaded(open_store()).put(parcel(clock))
    clock.at(20, 30, day=day)
    assert restarted(open_store).of("clerk") is None
    assert not folder.exists()
    assert ring.kept == {}


def test_the_key_is_another_one_every_day(
    clock: Clock, open_store: Callable[[], KeptWork], folder: Path, ring: MemoryKeyring
) -> None:
    store = loaded(open_store())
    store.put(parcel(clock))
    store.close()
    (file,), (first,) = folder.iterdir(), ring.kept.values()
    yesterdays = file.read_bytes()
    clock.at(9, day=29)
    store = restarted(open_store)
    store.put(parcel(clock, "second"))
    store.close()
    (second,) = ring.kept.values()
    assert first.split()[1] != second.split()[1]
    # who has copied yesterday's file puts it back, with a new date on it
    first_line, locked = yesterdays.split(b"\n", 1)
    file.write_bytes(first_line.replace(b"2026-11-28", b"2026-11-29") + b"\n" + locked)
    assert restarted(open_store).of("clerk") is None
    assert not file.exists()


@pytest.mark.parametrize("damage", ["cut", "turned", "later", "another's", "empty", "text"])
def test_what_was_meddled_with_is_thrown_away(
    clock: Clock, open_store: Callable[[], KeptWork], folder: Path, damage: str
) -> None:
    store = loaded(open_store())
    store.put(parcel(clock))
    store.close()
    (file,) = folder.iterdir()
    whole = file.read_bytes()
    first_line, locked = whole.split(b"\n", 1)
    changed = {
        "cut": whole[:-5],
        "turned": whole[:-1] + bytes([whole[-1] ^ 1]),
        "later": first_line.replace(b"T20:00", b"T23:59") + b"\n" + locked,
        "another's": whole,
        "empty": b"",
        "text": "これはちがう".encode(),
    }[damage]
    assert (changed == whole) is (damage == "another's")
    if damage == "another's":
        file = file.rename(file.with_stem("0" * 24))
    file.write_bytes(changed)
    store = restarted(open_store)
    assert store.of("clerk") is None
    store.close()
    assert not file.exists()


@pytest.mark.parametrize("trouble", ["locked", "forgetful", "rubbish"])
def test_without_a_keyring_it_is_kept_in_memory_alone(
    clock: Clock,
    open_store: Callable[[], KeptWork],
    folder: Path,
    ring: MemoryKeyring,
    monkeypatch: pytest.MonkeyPatch,
    trouble: str,
) -> None:
    if trouble == "locked":
        ring.locked = True
    else:
        kept = None if trouble == "forgetful" else f"2026-11-28 {base64.b64encode(b'short').decode()}"
        monkeypatch.setattr(ring, "get_password", lambda *_: kept)
    store = loaded(open_store())
    store.put(parcel(clock))
    assert store.of("clerk") == parcel(clock)
    store.close()
    assert not folder.exists() or list(folder.iterdir()) == []


def test_a_full_or_forbidden_disk_costs_nothing_but_the_copy(
    clock: Clock, open_store: Callable[[], KeptWork], folder: Path
) -> None:
    folder.write_text("a file where the folder belongs")
    store = loaded(open_store())
    store.put(parcel(clock))
    assert store.of("clerk") == parcel(clock)
    store.close()
    assert folder.is_file()


def test_half_a_file_is_none(clock: Clock, open_store: Callable[[], KeptWork], folder: Path) -> None:
    """Killed while writing: the one before is still whole."""
    store = loaded(open_store())
    store.put(parcel(clock))
    store.close()
    (file,) = folder.iterdir()
    file.with_suffix(".new").write_bytes(os.urandom(40))
    store = restarted(open_store)
    assert store.of("clerk") == parcel(clock)
    store.drop("clerk")
    store.close()
    assert not folder.exists()


@given(content=st.text(max_size=200), login=st.from_regex(r"[a-z][a-z0-9_]{0,30}", fullmatch=True))
def test_whatever_it_is_it_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, content: str, login: str
) -> None:
    import keyring

    before = keyring.get_keyring()
    keyring.set_keyring(MemoryKeyring())
    try:
        clock, folder = Clock(), tmp_path_factory.mktemp("kept")
        files = KeptFiles(folder, clock)
        wanted = parcel(clock, login, content.encode("utf-8", "ignore").decode())
        files.write(wanted, clock().replace(hour=20))
        assert [found for found, _ in KeptFiles(folder, clock).load()] == [wanted]
    finally:
        keyring.set_keyring(before)
