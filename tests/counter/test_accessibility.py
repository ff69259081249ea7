"""What a screen reader finds: the accessibility tree of the real window, on every page and in every state."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter as Tally
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from madoguchi.app.lending.facts import Desk as StaffDesk
from madoguchi.app.server.gateway import Act, Outage
from madoguchi.app.staff.password_rules import PasswordProblem
from madoguchi.app.staff.permissions import Role as StaffRole
from madoguchi.app.staff.session import (
    LastTime,
    PasswordNeeded,
    PasswordRefused,
    PasswordWhy,
    SignedIn,
    SignedInElsewhere,
)
from madoguchi.widgets.look.counter_frame import CounterFrame
from madoguchi.widgets.look.form_panel import FormPanel
from madoguchi.widgets.look.painted import Readout
from madoguchi.widgets.look.row_view import RowsView
from madoguchi.widgets.look.views import Answer, Sign
from madoguchi.widgets.patrons_page import PATRONS
from madoguchi.widgets.reservations_page import RESERVATIONS
from madoguchi.widgets.scan_page import ScanPage
from madoguchi.widgets.search_page import SEARCH
from madoguchi.widgets.way_views import WayList
from tests.counter.harness import Counter, CounterLibrary, SlowServer, T, unique
from tests.counter.patrons import choose, found, open_record, person
from tests.counter.reservations import queue, read, travelling
from tests.counter.reservations import ready as ready_to_reserve
from tests.counter.way import open_list, open_person, ready, scan
from tests.support.library import JST, MINAMI, SOGO, TODAY

TITLE = "窓口"
Role = QAccessible.Role
ROLES = {
    QLineEdit: Role.EditableText,
    QRadioButton: Role.RadioButton,
    QCheckBox: Role.CheckBox,
    QAbstractButton: Role.Button,
    QPlainTextEdit: Role.EditableText,
    QTableView: Role.Table,
    QAbstractItemView: Role.List,
}
MOST_STEPS = 60


class Line(SlowServer):
    """The real way to the library, on a line that can be cut."""

    cut = False

    def run(self, act: Act[T]) -> T:
        """Runs ``act``, unless the line is cut."""
        if self.cut:
            raise Outage("the line is cut")
        return super().run(act)


@dataclass
class Said:
    """One thing in the accessibility tree."""

    widget: QWidget | None
    role: Role
    name: str
    description: str
    state: QAccessible.State

    def __str__(self) -> str:
        return f"{self.role.name} {self.name!r} {self.description!r}"


@dataclass
class Desk:
    """The counter under test, with what its states are made of."""

    counter: Counter
    library: CounterLibrary
    line: Line
    name: str
    title: str

    def tree(self) -> list[Said]:
        """Everything a screen reader can find in the window."""
        found: list[Said] = []
        _walk(QAccessible.queryAccessibleInterface(self.counter.window), found)
        return found

    def book(self, **changes: object) -> str:
        """Adds an item; returns its number."""
        return self.library.item(title=self.title, **changes)

    def visit(self) -> str:
        """Opens a visit; returns the number of the card."""
        card = self.library.patron(name=self.name, note="大活字本を希望")
        self.counter.open_visit(card)
        return card


def _walk(interface: QAccessibleInterface, found: list[Said]) -> None:
    widget = interface.object()
    found.append(
        Said(
            widget if isinstance(widget, QWidget) else None,
            interface.role(),
            interface.text(QAccessible.Text.Name),
            interface.text(QAccessible.Text.Description),
            interface.state(),
        )
    )
    for at in range(interface.childCount()):
        child = interface.child(at)
        if child is not None and not child.state().invisible:
            _walk(child, found)


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication, library: CounterLibrary) -> Iterator[Desk]:
    line = Line(library)
    counter = Counter(qtbot, qapp, library, line)
    yield Desk(counter, library, line, unique("見本"), unique("銀河"))
    line.cut = False
    line.let_go()
    counter.close()


# The states -----------------------------------------------------------------------------------------


def signing_in(desk: Desk) -> None:
    """Nobody is signed in, and a first try has failed."""
    desk.counter.try_to_sign_in("nobody")
    desk.counter.settled()


def idle(desk: Desk) -> None:
    """No visit is open."""
    desk.counter.sign_in()


def visiting(desk: Desk) -> None:
    """A visit with a row of every state."""
    counter, library = desk.counter, desk.library
    counter.sign_in()
    taken, mine = desk.book(), desk.book()
    library.lent(library.patron(), taken, due_on=TODAY)
    desk.visit()
    counter.scan_and_wait(mine)
    counter.scan_and_wait(desk.book(attachments="CD 1枚"))
    counter.scan_and_wait(taken)
    counter.scan_and_wait(mine)
    desk.line.hold()
    counter.scan(desk.book())
    signs = {row.sign for row in counter.rows()}
    assert {Sign.DONE, Sign.NOTICE, Sign.REFUSED, Sign.SAME_ITEM, Sign.PENDING} <= signs


def asking(desk: Desk) -> None:
    """A question with reasons is open."""
    counter = desk.counter
    counter.sign_in()
    desk.visit()
    counter.scan_and_wait(desk.book(reference_only=True))
    counter.f(10)
    question = counter.window.frame.question
    assert question.isVisible()
    assert len(question.reasons().buttons()) > 1
    question.reasons().buttons()[1].setChecked(True)


def with_due_day(desk: Desk) -> None:
    """The due date is set by hand, and a question is open above that mode."""
    counter = desk.counter
    counter.sign_in()
    desk.visit()
    counter.f(9)
    counter.type("0520")
    assert "5/20" in counter.banner_text()
    counter.scan_and_wait(desk.book(reference_only=True))
    counter.f(10)


def returning(desk: Desk) -> None:
    """Returns on every pile."""
    counter, library = desk.counter, desk.library
    late, wanted, far, near = desk.book(), desk.book(), desk.book(home_branch_id=MINAMI), desk.book()
    card = library.patron(name=desk.name)
    for item in (late, wanted, far, near):
        library.lent(card, item, due_on=TODAY - dt.timedelta(days=item is late))
    library.reserved(library.patron(), wanted)
    counter.sign_in()
    counter.f(2)
    for item in (near, wanted, far, late):
        counter.scan_and_wait(item)
    signs = {row.sign for row in counter.rows()}
    assert {Sign.TO_RESERVATION_SHELF, Sign.TO_TRANSIT, Sign.OVERDUE} <= signs


def in_book_drop(desk: Desk) -> None:
    """Returns of another day."""
    returning(desk)
    desk.counter.f(11)
    assert desk.counter.banner_text()


def renewing(desk: Desk) -> None:
    """Renewals, one done and one refused."""
    counter, library = desk.counter, desk.library
    card, other, items = library.patron(), library.patron(), [desk.book(), desk.book()]
    for item in items:
        library.lent(card, item, due_on=TODAY + dt.timedelta(days=3))
    library.reserved(other, items[1])
    counter.sign_in()
    counter.f(3)
    for item in items:
        counter.scan_and_wait(item)


def cut_off(desk: Desk) -> None:
    """The line is down in the middle of a visit."""
    counter = desk.counter
    counter.sign_in()
    desk.visit()
    counter.scan_and_wait(desk.book())
    desk.line.cut = True
    counter.scan(desk.book())
    counter.until(lambda: counter.rows()[-1].sign is Sign.OUTAGE)
    counter.until(lambda: bool(counter.banner_text()))


def searching(desk: Desk) -> None:
    """Titles were found, and one is open with its copies and its queue."""
    counter, library = desk.counter, desk.library
    items = [desk.book() for _ in range(3)]
    library.reserved(library.patron(), items[0])
    library.lent(library.patron(), items[0], due_on=TODAY)
    counter.sign_in()
    desk.visit()
    counter.f(SEARCH)
    counter.type(desk.title[:8], enter=False)
    counter.until(lambda: desk.title in counter.left_text())


def searching_by_field(desk: Desk) -> None:
    """The fields are open, and nothing was found."""
    searching(desk)
    desk.counter.f(9)
    desk.counter.type("zz", enter=False)
    desk.counter.settled()


def reserving(desk: Desk) -> None:
    """The form of a reservation, filled in for whoever is at the counter."""
    searching(desk)
    desk.counter.settled()
    desk.counter.f(10)
    desk.counter.until(lambda: isinstance(desk.counter.window.frame.centre(), FormPanel))


def with_reservations(desk: Desk) -> None:
    """What somebody waits for, one that was just made, and one that was refused."""
    counter, library = desk.counter, desk.library
    counter.sign_in()
    card, book = desk.visit(), desk.book()
    ready_to_reserve(library, card, desk.book())
    travelling(library, card, desk.book())
    library.reserved(card, book)
    counter.f(RESERVATIONS)
    counter.until(lambda: len(counter.rows()) == 3)
    read(counter, desk.book(), "予約しました")
    read(counter, book, "予約済み")
    counter.until(lambda: bool(counter.rows()[3].action))


def changing_a_reservation(desk: Desk) -> None:
    """The form of one, and what is wrong in it."""
    with_reservations(desk)
    desk.counter.f(10)
    desk.counter.until(lambda: isinstance(desk.counter.window.frame.centre(), FormPanel))
    desk.counter.window.frame.centre().set_values({"resume": "9999"})
    desk.counter.f(10)


def cancelling_a_reservation(desk: Desk) -> None:
    """Whether it is to end."""
    with_reservations(desk)
    desk.counter.f(10)
    desk.counter.f(11)
    assert desk.counter.window.frame.question.isVisible()


def in_a_queue(desk: Desk) -> None:
    """A title's queue."""
    with_reservations(desk)
    desk.counter.f(10)
    desk.counter.f(9)
    desk.counter.until(lambda: len(queue(desk.counter)) == 1)


def adding(desk: Desk) -> None:
    """The form of a quick-add, with what is wrong in it."""
    searching(desk)
    desk.counter.f(11)
    desk.counter.f(10)


def finding_patrons(desk: Desk) -> None:
    """Two patrons were found, and a field is wrong."""
    desk.library.patron(name=desk.name, kana="クゲヌマ ハナコ")
    desk.library.patron(name=desk.name, kana="クゲヌマ ハナコ", birth_date=dt.date(1980, 4, 2))
    counter = desk.counter
    counter.sign_in()
    counter.f(PATRONS)
    counter.type("くげぬま")
    counter.until(lambda: len(found(counter)) == 2)


def with_a_record(desk: Desk) -> None:
    """A patron's record with a note and a family, and what is masked is seen."""
    counter, library = desk.counter, desk.library
    card = library.patron(
        name=desk.name, kana="クゲヌマ ハナコ", address="見本町1-2-3", note="大活字本を希望"
    )
    counter.sign_in()
    open_record(counter, card, desk.name)
    counter.window.frame.rail.key(11).click()
    counter.until(lambda: person(counter).shown)


def with_a_masked_record(desk: Desk) -> None:
    """The same, masked."""
    with_a_record(desk)
    desk.counter.window.frame.rail.key(11).click()


def clearing_the_shelf(desk: Desk) -> None:
    """The reservation shelf, where a copy that was read is still kept for somebody."""
    library, counter = desk.library, desk.counter
    card, kept = library.patron(), desk.book()
    ready(library, card, kept, TODAY)
    ready(library, card, desk.book(), TODAY - dt.timedelta(days=1))
    counter.sign_in()
    open_list(counter, WayList.SHELF)
    scan(counter, kept)
    assert counter.rows()[-1].sign is Sign.REFUSED


def telling(desk: Desk) -> None:
    """Who is to be told, and how to reach one of them."""
    ready(desk.library, desk.library.patron(name=desk.name, telephone="0466-00-0001"), desk.book(), TODAY)
    desk.counter.sign_in()
    open_list(desk.counter, WayList.TELL)
    open_person(desk.counter)


def changing_a_patron(desk: Desk) -> None:
    """The form of a change, with what is wrong in it."""
    with_a_record(desk)
    choose(desk.counter, "change")
    desk.counter.until(lambda: isinstance(desk.counter.window.frame.centre(), FormPanel))
    desk.counter.f(10)


def withdrawing(desk: Desk) -> None:
    """The form of a withdrawal, without the word that it needs."""
    with_a_record(desk)
    choose(desk.counter, "withdraw")
    desk.counter.f(10)


def registering(desk: Desk) -> None:
    """The form of a registration, with what is wrong in it."""
    desk.counter.sign_in()
    desk.counter.f(PATRONS)
    desk.counter.f(9)
    desk.counter.f(10)


def working_elsewhere(desk: Desk) -> None:
    """Signed in at another terminal, and asked whether to end that."""
    since = dt.datetime.combine(TODAY, dt.time(9, 2), JST)
    desk.counter.window.sign_in.hear(SignedInElsewhere("南 2番窓口", "南市民図書館", since))


def choosing_a_password(desk: Desk) -> None:
    """A new password is to be chosen, and the first one was refused."""
    sign_in = desk.counter.window.sign_in
    sign_in.hear(PasswordNeeded("clerk", "訓練 太郎", PasswordWhy.TEMPORARY))
    sign_in.hear(PasswordRefused((PasswordProblem.TOO_SHORT, PasswordProblem.GUESSABLE)))


def arrived(desk: Desk) -> None:
    """Signed in at a central server that has something to say."""
    at = dt.datetime.combine(TODAY, dt.time(9, 2), JST)
    last = LastTime(at, at, "lost", "南市民図書館", "南 2番窓口")
    person = SignedIn(
        StaffDesk(SOGO, "1番窓口", "clerk"), "訓練 太郎", StaffRole.COUNTER_STAFF, "総合市民図書館", "",
        last, failures=3, password_days_left=5, clock_ahead_seconds=12.0,
    )  # fmt: skip
    desk.counter.window.sign_in.hear(person)
    desk.counter.until(lambda: desk.counter.window.page is not None)
    assert desk.counter.window.frame.card() is not None


STATES: tuple[Callable[[Desk], None], ...] = (
    signing_in, working_elsewhere, choosing_a_password, arrived,
    idle, visiting, asking, with_due_day, returning, in_book_drop, renewing, cut_off,
    searching, searching_by_field, reserving, adding,
    with_reservations, changing_a_reservation, cancelling_a_reservation, in_a_queue,
    finding_patrons, with_a_record, with_a_masked_record, changing_a_patron, withdrawing, registering,
    clearing_the_shelf, telling,
)  # fmt: skip


# What holds in all of them --------------------------------------------------------------------------


def _controls(tree: list[Said]) -> list[Said]:
    """What can have the keyboard's focus, and buttons that are pressed by mouse alone."""
    kinds = tuple(ROLES)
    return [
        said
        for said in tree
        if said.widget is not None
        and (isinstance(said.widget, kinds) or said.widget.focusPolicy() is not Qt.FocusPolicy.NoFocus)
    ]


def _kind(widget: QWidget) -> Role | None:
    return next((role for kind, role in ROLES.items() if isinstance(widget, kind)), None)


def _every_control_has_a_name_a_role_and_its_state(desk: Desk) -> None:
    controls = _controls(desk.tree())
    assert len(controls) > 2
    for said in controls:
        widget = said.widget
        assert widget is not None
        assert said.name.strip(), widget
        expected = _kind(widget)
        assert expected is None or said.role is expected, said
        assert bool(said.state.disabled) is not widget.isEnabled(), said
        assert bool(said.state.focused) is widget.hasFocus(), said
        if isinstance(widget, QAbstractButton):
            assert bool(said.state.checked) is widget.isChecked(), said
        if isinstance(widget, QLineEdit):
            secret = widget.echoMode() is not QLineEdit.EchoMode.Normal
            assert bool(said.state.passwordEdit) is secret, said
            assert not secret or widget.text() not in (said.name, said.description) or not widget.text()
    others = [said for said in controls if said.widget is not None and _kind(said.widget) is None]
    # The frame takes the focus when no control has it; nothing else of no kind can be focused.
    assert [type(said.widget).__name__ for said in others] in ([], ["CounterFrame"])


def _no_two_live_controls_have_one_name(desk: Desk) -> None:
    live = [said.name for said in _controls(desk.tree()) if not said.state.disabled]
    assert [name for name, times in Tally(live).items() if times > 1] == []


def _letters(text: str) -> str:
    return re.sub(r"\s+", "", text).removesuffix("…")


def _every_readout_says_what_it_paints(desk: Desk) -> None:
    readouts = [said for said in desk.tree() if isinstance(said.widget, Readout)]
    assert len(readouts) >= 2
    for said in readouts:
        assert isinstance(said.widget, Readout)
        assert said.role is Role.StaticText
        spoken = _letters(said.name)
        silent = [piece.text for piece in said.widget.trace() if _letters(piece.text) not in spoken]
        assert silent == [], said


def _every_row_is_an_item_that_says_its_state_and_its_date(desk: Desk) -> None:
    tree = desk.tree()
    lists = [said for said in tree if isinstance(said.widget, RowsView)]
    items = [said.name for said in tree if said.role is Role.ListItem]
    page = desk.counter.window.page
    centre = page.centre() if isinstance(page, ScanPage) else None
    if centre is None or not (centre is page.list or centre.isAncestorOf(page.list)):
        assert lists == items == []
        return
    assert len(lists) == 1
    assert isinstance(lists[0].widget, RowsView)
    rows = lists[0].widget.rows()
    assert len(items) == len(rows)
    for row, item in zip(rows, items, strict=True):
        for part in (str(row.number), row.state, row.detail, row.right, row.right_detail, row.title):
            assert part in item, item
        # What became of it is heard before what it was.
        assert not row.title or item.index(row.state) < item.index(row.title)


def _stops(widgets: Iterable[QWidget | None]) -> set[object]:
    """Where Tab stops: radio buttons are one stop, arrow keys move among them; the frame is no control."""
    stops: set[object] = set()
    for widget in widgets:
        if isinstance(widget, QRadioButton):
            stops.add(widget.parentWidget())
        elif not isinstance(widget, CounterFrame):
            stops.add(widget)
    return stops


def _tab_goes_round_every_live_control(desk: Desk) -> None:
    counter = desk.counter
    live = {
        said.widget
        for said in _controls(desk.tree())
        if said.widget is not None
        and said.widget.isEnabled()
        and said.widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
    }
    assert live
    seen: list[QWidget | None] = []
    while len(seen) < MOST_STEPS:
        counter.press(Qt.Key.Key_Tab, "\t")
        now = QApplication.focusWidget()
        if now in seen:
            break
        seen.append(now)
    assert now == seen[0], "the round does not close"
    assert _stops(seen) == _stops(live)
    counter.press(Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() == seen[-1]


def _the_title_of_the_window_never_changes(desk: Desk) -> None:
    titles = {widget.windowTitle() for widget in QApplication.topLevelWidgets() if widget.isVisible()}
    assert titles == {TITLE}
    assert desk.tree()[0].name == TITLE


@pytest.mark.parametrize("reach", STATES, ids=lambda reach: reach.__name__)
def test_all_of_it_can_be_heard_and_reached(desk: Desk, reach: Callable[[Desk], None]) -> None:
    """Everything of a state in one window: most of the time goes into coming there."""
    reach(desk)
    hear_and_reach(desk)


def hear_and_reach(desk: Desk) -> None:
    """All that holds in every state."""
    _every_control_has_a_name_a_role_and_its_state(desk)
    _no_two_live_controls_have_one_name(desk)
    _every_readout_says_what_it_paints(desk)
    _every_row_is_an_item_that_says_its_state_and_its_date(desk)
    _the_title_of_the_window_never_changes(desk)
    # moves the focus: nothing is looked at behind it
    _tab_goes_round_every_live_control(desk)


# What differs ---------------------------------------------------------------------------------------


def test_the_rail_tells_which_page_is_shown_and_how_many_rows_wait(desk: Desk) -> None:
    visiting(desk)
    rail = desk.counter.window.frame.rail
    said = {said.widget: said for said in desk.tree()}
    assert said[rail.key(1)].description == "表示中"
    assert said[rail.key(2)].description == ""
    assert said[rail.key(10)].description == "1件"
    # nobody was here before
    assert said[rail.key(8)].state.disabled
    assert not said[rail.key(4)].state.disabled


def test_a_question_is_heard_with_its_row_and_its_answers(desk: Desk) -> None:
    asking(desk)
    question = desk.counter.window.frame.question
    said = {said.widget: said for said in desk.tree()}
    view = question.view()
    assert view is not None
    assert said[question].name == view.title
    assert said[question].description == view.detail
    assert said[question.button(Answer.STOP)].state.focused
    assert said[question.button(Answer.STOP)].name == f"F9 {view.stop.word}"
    reasons = [said[button] for button in question.reasons().buttons()]
    assert [bool(reason.state.checked) for reason in reasons[:2]] == [False, True]
    rail = desk.counter.window.frame.rail
    assert all(said[rail.key(number)].state.disabled for number in range(1, 9))


@pytest.mark.parametrize("reach", [visiting, asking, with_due_day, cut_off], ids=lambda reach: reach.__name__)
def test_after_the_visit_nothing_of_it_can_be_heard(desk: Desk, reach: Callable[[Desk], None]) -> None:
    reach(desk)
    heard = " ".join(f"{said.name} {said.description}" for said in desk.tree())
    assert desk.name in heard
    assert desk.title in heard
    desk.line.cut = False
    desk.line.let_go()
    desk.counter.settled()
    if desk.counter.window.frame.question.view() is not None:
        desk.counter.pass_guard()
        desk.counter.f(9)
    desk.counter.f(11)
    desk.counter.turn()
    heard_after = [f"{said.name} {said.description}" for said in desk.tree()]
    assert [text for text in heard_after if desk.name in text or desk.title in text] == []
