"""Somebody of the system staff, or the security manager, at a counter's window under test."""

from __future__ import annotations

from typing import Any

from madoguchi.widgets.office.desk import OfficeDesk
from madoguchi.widgets.office.page import OfficePage
from tests.counter.central import House
from tests.counter.harness import Counter


class Office:
    """Somebody in the office at a counter's window."""

    def __init__(self, house: House, role: str, login: str = "", place: int = 0, **remembered: Any) -> None:
        self.house = house
        self.login = login or house.take_on(role)
        self.counter: Counter = house.counter(place=place, **remembered)
        self.sign_in()

    def sign_in(self) -> None:
        """Signs in, and waits for the first page."""
        self.counter.try_to_sign_in(self.login)
        self.counter.until(lambda: self.counter.window.office is not None)
        self.counter.window.close_card()
        self.settled()

    @property
    def desk(self) -> OfficeDesk:
        """The desk."""
        desk = self.counter.window.office
        assert desk is not None
        return desk

    @property
    def page(self) -> OfficePage:
        """The page in sight."""
        return self.desk.page()

    def go_to(self, key: int) -> OfficePage:
        """Goes to a page, and waits until it has what it lists."""
        self.counter.f(key)
        self.settled()
        return self.page

    def rows(self) -> dict[str, tuple[str, ...]]:
        """The table's cells, by key."""
        return {record.key: record.cells for record in self.page.table.view().records}

    def fill(self, **values: str) -> None:
        """Fills in the form that is open, and sends it."""
        assert self.page.has_form()
        self.page.form.set_values(values)
        self.counter.f(10)
        self.settled()

    def settled(self) -> None:
        """Waits until what was asked has come, and what was asked because of that."""
        self.counter.settled()
        self.counter.settled()

    def errors(self) -> dict[str, str]:
        """What is wrong in the form that is open."""
        view = self.page.form.view()
        assert view is not None
        return {line.key: line.error for line in view.lines if line.error}

    def choose(self, key: str) -> None:
        """Selects a record."""
        self.page.table.select(key)

    def strip(self) -> str:
        """What the strip says."""
        view = self.counter.window.frame.strip.view()
        return f"{view.word} {view.title} {view.side_first}"
