"""What a screen reader finds while USB is looked at, an exception asked for and approved, files copied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest

from tests.counter.central import House
from tests.counter.harness import Counter
from tests.counter.test_accessibility import Desk, Line, hear_and_reach
from tests.counter.usb import (
    CHECK,
    UsbHouse,
    approve,
    ask,
    choose_stick,
    exceptions,
    open_page,
    page,
    sign_in_approver,
    usb_house,
    wait_for_panel,
    wait_for_question,
)


@pytest.fixture
def usb(house: House, tmp_path: Path) -> Iterator[UsbHouse]:
    with usb_house(house, tmp_path) as made:
        made.enrol()
        made.set_check(CHECK)
        yield made


def blocked(usb: UsbHouse, counter: Counter) -> None:
    """A banner says that a stick was blocked."""
    counter.until(lambda: "USB 機器を遮断" in counter.banner_text())


def listed(usb: UsbHouse, counter: Counter) -> None:
    """The page of devices."""
    open_page(counter)
    choose_stick(counter)


def asking(usb: UsbHouse, counter: Counter) -> None:
    """The form of an exception, and what is wrong in it."""
    ask(counter, minutes="0", reason="")


def approving(usb: UsbHouse, counter: Counter) -> None:
    """The panel of the second person, after a wrong password."""
    ask(counter)
    wait_for_panel(counter)
    sign_in_approver(counter, "nobody", "wrong")
    counter.until(lambda: exceptions(counter).panel.message() != "")


def deciding(usb: UsbHouse, counter: Counter) -> None:
    """The question."""
    ask(counter)
    wait_for_panel(counter)
    sign_in_approver(counter, usb.house.take_on("security_manager"))
    wait_for_question(counter)


def open_for_minutes(usb: UsbHouse, counter: Counter) -> None:
    """The stick is open, and its files are listed."""
    ask(counter)
    approve(counter, usb.house.take_on("security_manager"))
    (usb.stick / "list.csv").write_bytes(b"1")
    usb.mount()
    counter.until(lambda: 10 in counter.live_keys())
    counter.f(10)
    counter.until(lambda: len(page(counter).files.view().records) == 1)


@pytest.mark.parametrize(
    "reach",
    [blocked, listed, asking, approving, deciding, open_for_minutes],
    ids=lambda reach: reach.__name__,
)
def test_all_of_it_can_be_heard_and_reached(
    usb: UsbHouse, reach: Callable[[UsbHouse, Counter], None]
) -> None:
    counter = usb.counter()
    counter.sign_in(usb.house.take_on())
    counter.window.close_card()
    usb.plug_stick()
    reach(usb, counter)
    hear_and_reach(Desk(counter, usb.house.library, cast(Line, counter.server), "", ""))
