"""What the server listed last of USB devices, of each table, and how what lies behind it is asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from madoguchi.app.devices.values import (
    RECORDS_AT_ONCE,
    AgentSeen,
    DeviceRefusal,
    KeptPolicy,
    KeptRecord,
    RegisteredDevice,
    UsbException,
    UsbReport,
)
from madoguchi.widgets.office.device_words import SILENT_HOURS, Which

if TYPE_CHECKING:
    from madoguchi.app.server.devices import CentralDevices

T = TypeVar("T")


class Read(Protocol):
    """Asks the server, and hands over what it answered."""

    def __call__(
        self, act: Callable[[CentralDevices], T | DeviceRefusal], on_answer: Callable[[T], None]
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class RecordSearch:
    """Which records are listed.

    Attributes:
        last: what reached the server on this day or before; None: until now.
        terminal: by its name; empty: of all.
    """

    last: dt.date | None = None
    terminal: str = ""


class DeviceLists:
    """The tables, as they came; ``changed`` is told when one has.

    Attributes:
        month: whose exceptions are listed, by its first day; None: the newest ones.
        search: which records are listed.
        more_records: whether there may be older ones than those listed.
    """

    def __init__(self, read: Read, now: Callable[[], dt.datetime], changed: Callable[[], None]) -> None:
        self._read = read
        self._now = now
        self._changed = changed
        self.clear()

    def clear(self) -> None:
        """Lets go of all of it."""
        self.register: tuple[RegisteredDevice, ...] = ()
        self.exceptions: tuple[UsbException, ...] = ()
        self.rules: tuple[KeptPolicy, ...] = ()
        self.records: tuple[KeptRecord, ...] = ()
        self.agents: tuple[AgentSeen, ...] = ()
        self.report: UsbReport | None = None
        self.month: dt.date | None = None
        self.search = RecordSearch()
        self.more_records = False

    def load(self, which: Which) -> None:
        """Asks for what a table lists; the devices here are the agent's to tell."""
        match which:
            case Which.HERE:
                self._changed()
            case Which.REGISTER:
                self._read(lambda devices: devices.list_devices(), self._take_register)
            case Which.EXCEPTIONS:
                self.load_exceptions(self.month)
            case Which.RULES:
                self._read(lambda devices: devices.list_policies(), self._take_rules)
            case Which.RECORDS:
                self.load_records(self.search)
            case Which.AGENTS:
                self._read(lambda devices: devices.list_agents(SILENT_HOURS), self._take_agents)
            case Which.REPORT:
                self.load_report(self.report.first if self.report is not None else self._now().date())

    # -- exceptions and the month --------------------------------------------------------------------------

    def load_exceptions(self, month: dt.date | None) -> None:
        """Asks for all that were asked for in a month; without one for the newest."""
        self.month = month
        if month is None:
            self._read(lambda devices: devices.list_exceptions(), self._take_exceptions)
        else:
            self._read(lambda devices: devices.report(month), self._take_month)

    def _take_month(self, report: UsbReport) -> None:
        self._take_exceptions(report.exceptions[::-1])

    def load_report(self, month: dt.date) -> None:
        """Asks for the report of the month that this day lies in."""
        self._read(lambda devices: devices.report(month), self._take_report)

    # -- records -------------------------------------------------------------------------------------------

    def load_records(self, search: RecordSearch) -> None:
        """Asks for the newest of them."""
        self.search = search
        until = None
        if search.last is not None:
            # a day ends at the library's midnight
            until = dt.datetime.combine(search.last + dt.timedelta(days=1), dt.time(), self._now().tzinfo)
        self._read(
            lambda devices: devices.list_records(search.terminal or None, until=until), self._take_records
        )

    def load_older_records(self) -> None:
        """Asks for those behind the last one that is listed, which stays where it is."""
        if not self.more_records:
            return
        terminal, known = self.search.terminal, self.records

        def came(older: tuple[KeptRecord, ...]) -> None:
            # asked twice, or meanwhile for others
            if self.records is known:
                self._take_records(older, known)

        self._read(
            lambda devices: devices.list_records(terminal or None, before=known[-1].place),
            came,
        )

    # -- what came -----------------------------------------------------------------------------------------

    def _take_register(self, found: tuple[RegisteredDevice, ...]) -> None:
        self.register = found
        self._changed()

    def _take_exceptions(self, found: tuple[UsbException, ...]) -> None:
        self.exceptions = found
        self._changed()

    def _take_rules(self, found: tuple[KeptPolicy, ...]) -> None:
        self.rules = found
        self._changed()

    def _take_records(self, found: tuple[KeptRecord, ...], known: tuple[KeptRecord, ...] = ()) -> None:
        self.records = known + found
        self.more_records = len(found) == RECORDS_AT_ONCE
        self._changed()

    def _take_agents(self, found: tuple[AgentSeen, ...]) -> None:
        self.agents = found
        self._changed()

    def _take_report(self, found: UsbReport) -> None:
        self.report = found
        self._changed()
