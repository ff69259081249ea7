"""Somebody of the office at a terminal with an agent, on the page of USB devices."""

from __future__ import annotations

from PySide6.QtCore import Qt

from madoguchi.widgets.office.device_words import Which
from madoguchi.widgets.office.devices_page import DevicesPage
from tests.counter.office import Office
from tests.counter.usb import UsbHouse, usb_word

SHIFT = Qt.KeyboardModifier.ShiftModifier


def office_of(usb: UsbHouse, role: str = "system_staff") -> Office:
    """Somebody of the office at the terminal with the agent, on the page."""
    office = Office(usb.house, role, agent=usb.agent.socket, usb_folder=usb.folder)
    office.counter.until(lambda: usb_word(office.counter) != "USB 管理停止")
    office.counter.press(Qt.Key.Key_F8, modifiers=SHIFT)
    assert isinstance(office.page, DevicesPage)
    return office


def show(office: Office, which: Which) -> None:
    """Goes to a table by F7, and waits for what it lists."""
    office.counter.f(7)
    office.page.form.set_values({"which": which.value})
    office.counter.f(10)
    office.settled()


def cells(office: Office) -> list[tuple[str, ...]]:
    return [record.cells for record in office.page.table.view().records]


def choose(office: Office, place: int = 0) -> None:
    office.choose(office.page.table.view().records[place].key)
