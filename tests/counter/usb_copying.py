"""A clerk at work with a stick: what is copied, what is on record of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.counter.central import House
from tests.counter.harness import Counter
from tests.counter.usb import CHECK, UsbHouse, approve, ask, page, usb_house

AT_ONCE = ["/bin/true", "{file}"]


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


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def seen(folder: Path) -> list[str]:
    """What has its name there."""
    return [name for name in names(folder) if not name.startswith(".")]


def files_noted(usb: UsbHouse) -> int:
    return sum(int(str(row[2])) for row in noted(usb))


def many(folder: Path, count: int) -> None:
    """So many files of three bytes."""
    folder.mkdir(exist_ok=True)
    for number in range(count):
        (folder / f"{number:03}.txt").write_bytes(b"123")
