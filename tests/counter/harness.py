"""A counter under test: the real window on a real library, worked by a scanner's and a clerk's keys."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Collection, Iterator
from functools import partial
from pathlib import Path
from typing import ClassVar, TypeVar
from uuid import uuid4

import pytest
import sqlalchemy as sa
from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from madoguchi.app.clock import LibraryClock
from madoguchi.app.printing.slips import SlipKind
from madoguchi.app.server import tables as t
from madoguchi.app.server.gateway import Act
from madoguchi.app.server.outage import Outage
from madoguchi.app.settings import Settings
from madoguchi.app.staff.cards import StaffCards
from madoguchi.app.staff.kept import KeptWork
from madoguchi.app.terminal.safekeeping import Safekeeping
from madoguchi.app.training.situations import item_number, patron_number
from madoguchi.barcode.sources.scanner import Scanner, Use
from madoguchi.barcode.symbology import TRAINING_PLAN
from madoguchi.device_control.client import AgentClient
from madoguchi.widgets.agent_link import AgentLink
from madoguchi.widgets.application import CounterApplication
from madoguchi.widgets.counter_window import CounterWindow
from madoguchi.widgets.fetching import Source
from madoguchi.widgets.look.painted import Painted
from madoguchi.widgets.look.row_view import RowsView
from madoguchi.widgets.look.views import RowView, StripView
from madoguchi.widgets.place import Place
from madoguchi.widgets.scan_page import ScanPage
from madoguchi.widgets.worker import Server
from tests.support.library import MINAMI, SOGO, SmallLibrary
from tests.support.outlived import has_outlived
from tests.support.staff import PASSWORD

T = TypeVar("T")

PATIENCE_MS = 15_000
SCANNER_GAP_MS = 5
COLLEAGUE = "clerk_1"
"""Another clerk of the same branch, in both libraries."""
CLERK_GAP_MS = 200


both = pytest.mark.parametrize("library", ["embedded", "served"], indirect=True)
"""Runs a test on the embedded library and on PostgreSQL."""


def unique(word: str) -> str:
    """The word, and what makes it one that nothing else can say."""
    return f"{word}{uuid4().hex}"


class CounterLibrary(SmallLibrary):
    """A small library whose numbers carry the training plan's check digits, so that they can be scanned."""

    def patron(self, *, lost_card: str | None = None, **changes: object) -> str:
        """Adds a patron; returns the number of their card."""
        made = super().patron(lost_card=lost_card, **changes)
        return self._renumber(t.card, made, patron_number(int(made[1:])))

    def many_patrons(self, count: int, **values: object) -> None:
        """Adds so many who are alike and have no card."""
        born = {"birth_date": dt.date(1980, 4, 1), "category": "resident"}
        days = {"last_used_on": dt.date(2026, 5, 1), "registered_on": dt.date(2024, 4, 1)}
        rows = [{"id": 5_000 + place, **born, **days, **values} for place in range(count)]
        with self.engine.connect() as connection:
            connection.execute(t.patron.insert(), rows)

    def item(self, *, title_id: int | None = None, **changes: object) -> str:
        """Adds an item, and a title for it unless one is given; returns its number.

        ``title`` among the changes is what that title is called.
        """
        title = changes.pop("title", None)
        made = super().item(title_id=title_id, **changes)
        if title is not None:
            with self.engine.connect() as connection:
                own = sa.select(t.item.c.title_id).where(t.item.c.number == made).scalar_subquery()
                connection.execute(t.title.update().where(t.title.c.id == own).values(title=title))
        return self._renumber(t.item, made, item_number(int(made[1:])))

    def _renumber(self, table: sa.Table, made: str, number: str) -> str:
        with self.engine.connect() as connection:
            connection.execute(table.update().where(table.c.number == made).values(number=number))
        return number

    def let_staff_in(self) -> None:
        """A contractor's works at 南 alone; all staff sign in with ``PASSWORD``."""
        self.add_staff("itaku", "contract_staff", "委託 良子", branches=(MINAMI,))

    def title_of(self, number: str) -> str:
        """The title of an item."""
        joined = sa.select(t.title.c.title).join(t.item).where(t.item.c.number == number)
        return str(self.value(joined))

    def dump(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row of every table."""
        with self.engine.connect() as connection:
            return {
                table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
                for table in t.metadata.sorted_tables
            }

    def loans(self) -> list[tuple[str, str]]:
        """The open loans: patron's card and item, in the order in which they were made."""
        statement = (
            sa.select(t.card.c.number, t.item.c.number.label("item"))
            .select_from(t.loan.join(t.item).join(t.patron).join(t.card))
            .where(t.loan.c.returned_at.is_(None), t.card.c.state == "active")
            .order_by(t.loan.c.id)
        )
        with self.engine.connect() as connection:
            return [(row.number, row.item) for row in connection.execute(statement)]

    def counted(self, act: str = "checkout") -> int:
        """What the statistics count of an act."""
        amount = sa.select(sa.func.sum(t.statistic.c.amount)).where(t.statistic.c.act == act)
        return int(str(self.value(amount) or 0))


class SlowServer:
    """The real way to the library, on which acts can be made to take their time.

    On PostgreSQL it is that of the branch's so-manieth terminal, where nobody is signed in yet.
    """

    def __init__(
        self, library: SmallLibrary, *, limit_seconds: float = 10.0, branch_id: int = SOGO, place: int = 0
    ) -> None:
        self._line = library.line(branch_id, place, limit_seconds=limit_seconds)
        self.delay_seconds = 0.0
        self._turns = threading.Semaphore(0)
        self._held = False

    def hold(self) -> None:
        """From now on every act waits before it reaches the library."""
        self._held = True

    def let_through(self, acts: int) -> None:
        """So many of the acts that wait, or will, go on."""
        self._turns.release(acts)

    def let_go(self) -> None:
        """Whatever waits goes on, and all that follows."""
        self._held = False
        self._turns.release()

    def run(self, act: Act[T]) -> T:
        """Runs ``act``, slowly."""

        def slowly(counter: object) -> T:
            time.sleep(self.delay_seconds)
            if self._held:
                self._turns.acquire()
            return act(counter)  # type: ignore[arg-type]

        return self._line.run(slowly)

    def sign_out(self) -> None:
        """Whoever is signed in is so no longer."""
        self._line.sign_out()

    def close(self) -> None:
        """Closes the connection; nothing is held back any more."""
        self.let_go()
        self._line.close()


class CutLine(SlowServer):
    """The real way to the library, which can be slow, cut off, or wrong once."""

    down = False
    bug: Exception | None = None

    def run(self, act: Act[T]) -> T:
        """Runs ``act``, if the line is up."""
        if self.down:
            raise Outage("cut")
        bug, self.bug = self.bug, None
        if bug is not None:
            raise bug
        return super().run(act)


class Heartbeat:
    """A timer of the GUI thread that notes the longest time it was kept from beating."""

    def __init__(self, parent: QWidget) -> None:
        self.longest_gap_seconds = 0.0
        self._last = time.monotonic()
        self._timer = QTimer(parent)
        self._timer.timeout.connect(self._beat)
        self._timer.start(10)

    def _beat(self) -> None:
        now = time.monotonic()
        self.longest_gap_seconds = max(self.longest_gap_seconds, now - self._last)
        self._last = now


class Counter:
    """The window with its worker and its scan catcher, and hands to work them.

    Attributes:
        patience_ms: how long it is waited for what should come.
    """

    _open: ClassVar[list[Counter]] = []
    _there_before: ClassVar[set[QWidget]] = set()

    def __init__(
        self,
        qtbot: QtBot,
        application: QApplication,
        library: CounterLibrary,
        server: Server,
        *,
        branch: tuple[str, str] = ("sogo", "総合市民図書館"),
        last_patron_minutes: float = 5.0,
        preferences_file: Path | None = None,
        kept: KeptWork | None = None,
        safekeeping: Safekeeping | None = None,
        training: bool | None = None,
        cards: StaffCards | None = None,
        hold_scans: bool = False,
        source: Source | None = None,
        card_printer: str = "no such printer",
        receipt_printer: str = "",
        slip_paper: str = "80",
        slips_at_once: Collection[SlipKind] = (SlipKind.SHELF, SlipKind.TRANSIT),
        scanners: Collection[Scanner] = (),
        agent: Path | None = None,
        usb_folder: Path = Path("/no/such/folder"),
    ) -> None:
        self._qtbot = qtbot
        self._key_time_ms = 1_000
        self.patience_ms = PATIENCE_MS
        self._closed = False
        if not self._open:
            Counter._there_before = set(QApplication.topLevelWidgets())
        self._open.append(self)
        self.library = library
        self.server = server
        place = Place(
            branch[0],
            branch[1],
            "1番窓口",
            TRAINING_PLAN,
            LibraryClock(lambda: library.now),
            last_patron_minutes=last_patron_minutes,
            hold_scans=hold_scans,
            training=library.cluster is None if training is None else training,
            source=source,
            card_printer=card_printer,
            receipt_printer=receipt_printer,
            slip_paper=slip_paper,
            slips_at_once=frozenset(slips_at_once),
            returns_only=frozenset(scanner.name for scanner in scanners if scanner.use is Use.RETURNS),
            usb_folder=usb_folder,
        )
        link = AgentLink(partial(AgentClient, agent), retry_seconds=0.1) if agent is not None else None
        settings = Settings(library_file=Path("not-used.sqlite"), text_scale=1.0, scanner=tuple(scanners))
        self.application = CounterApplication(
            application,
            settings,
            place,
            server,
            preferences_file,
            kept,
            cards,
            safekeeping,
            agent=link,
            approver=getattr(server, "approver", None),
        )
        self.window: CounterWindow = self.application.window
        self.window.resize(1366, 768)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    def close(self) -> None:
        """Ends it as the program does; once is enough."""
        if not self._closed:
            self.application.close()
            self.put_away()

    def put_away(self) -> None:
        """Its program has ended: nothing of it stays behind.

        What the window had put aside has no parent and would stay until the process ends, for every later
        test to look through: after a few hundred counters a look at all widgets takes minutes. Whose it is
        cannot be told, so it goes with the last counter that is open.
        """
        if not self._closed:
            self._closed = True
            self._open.remove(self)
            self.window.deleteLater()
            if not self._open:
                for widget in set(QApplication.topLevelWidgets()) - self._there_before:
                    widget.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def come_to_front(self) -> None:
        """The keyboard is this counter's, where there are several."""
        self.window.activateWindow()
        self._qtbot.waitUntil(self.window.isActiveWindow)

    # -- keys ----------------------------------------------------------------------------------------

    def press(
        self,
        key: Qt.Key,
        text: str = "",
        *,
        after_ms: int = CLERK_GAP_MS,
        repeat: bool = False,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        """Presses and releases one key, for whatever has the focus."""
        self._key_time_ms += after_ms
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, modifiers, text, repeat)
            event.setTimestamp(self._key_time_ms)
            QCoreApplication.sendEvent(QApplication.focusWidget() or self.window, event)

    def scan(self, text: str) -> None:
        """Types as a wedge scanner does: quickly, and Enter at the end."""
        self._key_time_ms += 1_000
        for character in text:
            self.press(_key_of(character), character, after_ms=SCANNER_GAP_MS)
        self.press(Qt.Key.Key_Return, "\r", after_ms=SCANNER_GAP_MS)

    def type(self, text: str, *, enter: bool = True) -> None:
        """Types as people do."""
        for character in text:
            self.press(_key_of(character), character)
        if enter:
            self.press(Qt.Key.Key_Return, "\r")

    def f(self, number: int, *, repeat: bool = False) -> None:
        """Presses a function key."""
        self.press(Qt.Key(Qt.Key.Key_F1.value + number - 1), repeat=repeat)

    def pass_guard(self) -> None:
        """Waits until a question that has just been opened takes answers."""
        self._qtbot.wait(self.window.frame.look.theme.tokens.answer_guard_ms + 50)

    # -- steps ---------------------------------------------------------------------------------------

    def sign_in(self, login: str = "clerk") -> None:
        """Signs in at the panel; waits for the first page."""
        # what was done when the line came back can be seen before the window knows that it is back
        self.until(lambda: self.window.line_up)
        self.try_to_sign_in(login)
        self.until(lambda: self.window.page is not None)

    def try_to_sign_in(self, login: str, password: str = PASSWORD) -> None:
        """Fills in the panel and sends it."""
        # whoever left just now may still be waiting for an answer
        self.until(lambda: not self.window.away.leaving)
        panel = self.window.sign_in.front()
        panel.user_field().set_text(login)
        panel.password_field().set_text(password)
        panel.button().click()

    def open_visit(self, card: str) -> None:
        """Scans a card; waits for the patron."""
        self.scan(card)
        self.until(lambda: card in self.left_text())

    def scan_and_wait(self, number: str) -> RowView:
        """Scans an item; waits for its answer and returns its row."""
        self.scan(number)
        self.settled()
        return self.rows()[-1]

    def until(self, holds: Callable[[], bool], timeout_ms: int = 0) -> None:
        """Waits until something holds; for ``patience_ms``, if nothing else is said."""
        self._qtbot.waitUntil(holds, timeout=timeout_ms or self.patience_ms)

    def settled(self) -> None:
        """Waits until all that was asked so far has been answered here."""
        answered: list[None] = []
        self.application.worker.ask(lambda _: None, answered.append)
        self.until(lambda: bool(answered))

    def turn(self) -> None:
        """Lets the event loop turn, so that what was queued arrives and what was let go is deleted."""
        self._qtbot.wait(30)

    # -- what is seen ----------------------------------------------------------------------------------

    @property
    def page(self) -> ScanPage:
        """The page in sight."""
        page = self.window.page
        assert page is not None, "nobody is signed in"
        return page

    def rows(self) -> tuple[RowView, ...]:
        """The rows of the page in sight."""
        return self.page.list.rows()

    def row(self, number: str) -> RowView:
        """The latest row of an item."""
        return next(e.row for e in reversed(self.page.entries()) if number in (e.item_number, e.row.title))

    def strip(self) -> StripView:
        """The strip."""
        return self.window.frame.strip.view()

    def banner_text(self) -> str:
        """What the banner says, if there is one."""
        banner = self.window.frame.banner
        return banner.text() if banner.isVisible() else ""

    def left_text(self) -> str:
        """What the panel at the left says."""
        left = self.page.left()
        assert isinstance(left, QLabel)
        return left.text()

    def live_keys(self) -> set[int]:
        """The function keys of the rail that do something now."""
        return {number for number in range(1, 13) if self.window.frame.rail.key(number).isEnabled()}

    def painted_rows(self) -> list[str]:
        """Every text painted in the list."""
        return [piece.text for piece in self.page.list.rows_view().trace()]


def everything_said() -> Iterator[tuple[QWidget, str]]:
    """Every text that any widget of this program paints, says to a screen reader or keeps to be shown."""
    for widget in QApplication.allWidgets():
        if has_outlived(widget):
            continue
        texts = [
            widget.accessibleName(), widget.accessibleDescription(), widget.toolTip(), widget.statusTip(),
            widget.whatsThis(), widget.windowTitle(), widget.objectName(),
        ]  # fmt: skip
        if isinstance(widget, QLabel | QLineEdit | QAbstractButton):
            texts.append(widget.text())
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            model = widget.model()
            texts += [
                str(value)
                for place in range(model.rowCount(QModelIndex()))
                for role in range(20)
                if (value := model.index(place, 0).data(role)) is not None
            ]
        if isinstance(widget, Painted | RowsView):
            texts += [piece.text for piece in widget.trace()]
        yield from ((widget, text) for text in texts if text)


def where_said(*words: str) -> list[str]:
    """Where any of these words is still to be found."""
    return [
        f"{type(widget).__name__}: {text}"
        for widget, text in everything_said()
        if any(word in text for word in words)
    ]


def _key_of(character: str) -> Qt.Key:
    plain = " " <= character < "\x7f"
    return Qt.Key(ord(character.upper())) if plain else Qt.Key.Key_unknown
