"""While a stick is asked for or open: who ends it unasked, and that nothing is said that is not so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from madoguchi.widgets import server_look
from tests.counter.central import Gate, House
from tests.counter.harness import Counter
from tests.counter.usb import CHECK, UsbHouse, approve, ask, strip, usb_house


@pytest.fixture
def usb(house: House, tmp_path: Path) -> Iterator[UsbHouse]:
    with usb_house(house, tmp_path) as made:
        made.enrol()
        made.set_check(CHECK)
        yield made


@pytest.fixture
def clerk(house: House) -> str:
    return house.take_on()


@pytest.fixture
def manager(house: House) -> str:
    return house.take_on("security_manager")


@pytest.fixture
def counter(usb: UsbHouse, clerk: str) -> Counter:
    """A clerk at that terminal, a registered stick plugged in."""
    counter = usb.counter()
    counter.sign_in(clerk)
    counter.window.close_card()
    usb.plug_stick()
    return counter


# -- without the server ------------------------------------------------------------------------------------


def test_a_session_that_the_server_ends_takes_the_stick_with_it_within_seconds(
    usb: UsbHouse, counter: Counter, clerk: str, manager: str
) -> None:
    ask(counter)
    approve(counter, manager)
    usb.house.run(f"select account.disable_staff('{clerk}')")
    # nobody presses a key: the window asks by itself, and not in a minute only
    counter.until(lambda: not usb.agent.is_usable(), timeout_ms=3 * server_look.LEASE_MS)
    counter.until(lambda: counter.window.page is None)
    # and then as seldom as ever
    assert counter.window._looker._timer.interval() == server_look.EVERY_MS


def test_a_stick_does_not_stay_open_for_long_without_the_server(
    usb: UsbHouse, counter: Counter, manager: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_look, "LEASE_MS", 50)
    monkeypatch.setattr(server_look, "OUTAGE_MS", 1500)
    gate = counter.server
    assert isinstance(gate, Gate)
    ask(counter)
    approve(counter, manager)
    gate.cut = True
    counter.until(lambda: not counter.window.line_up)
    assert usb.agent.is_usable()
    # a line that is back in time takes nothing away
    gate.cut = False
    counter.until(lambda: counter.window.line_up)
    counter._qtbot.wait(2 * server_look.OUTAGE_MS)
    assert usb.agent.is_usable()
    gate.cut = True
    counter.until(lambda: not usb.agent.is_usable())
    counter.until(
        lambda: strip(counter).startswith("USB の例外が終わりました サーバーに届かないので終えました")
    )
    gate.cut = False
    counter.settled()
    # one that the clerk ends is said to be ended, not cut off
    ask(counter)
    approve(counter, manager)
    counter.f(11)
    counter.until(lambda: strip(counter).startswith("USB の例外が終わりました 終えました"))
