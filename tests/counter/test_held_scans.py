"""Scans read while somebody is away: held for them alone where the library wants that, else refused."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.training.situations import item_number, staff_number
from madoguchi.barcode.commands import Command
from madoguchi.barcode.scan import Scan, Source
from madoguchi.barcode.symbology import (
    CommandCode,
    Isbn,
    ItemCode,
    Meaning,
    ParsedCode,
    PatronCode,
    StaffCode,
    Unknown,
    UnknownReason,
)
from madoguchi.widgets.look.lock_panel import LockPanel
from madoguchi.widgets.look.views import Sign
from madoguchi.widgets.scan_hold import MOST_HELD, Fate, Held, ScanHold
from tests.counter.harness import COLLEAGUE, Counter, CounterLibrary, SlowServer, both, where_said
from tests.support.library import JST, TODAY

SIGN_IN_FIRST = "サインインしてから読み取ってください。"
NO_NUMBER = "番号ではないので、保留していません。"


@pytest.fixture
def counter(qtbot: QtBot, qapp: QApplication, library: CounterLibrary) -> Iterator[Counter]:
    """A counter that holds scans, where the clerk is signed in."""
    made = Counter(qtbot, qapp, library, SlowServer(library), hold_scans=True)
    made.sign_in()
    yield made
    made.close()


def leave(counter: Counter) -> None:
    counter.f(12)
    counter.until(lambda: not counter.window.away.leaving and counter.window.sign_in.front().isVisible())


def sign_in(counter: Counter, login: str = "clerk") -> None:
    counter.sign_in(login)
    counter.settled()


def count_on_lock(counter: Counter) -> str:
    """What the lock says of held scans."""
    line = counter.window.sign_in.lock.held_line()
    return line.trace()[0].text if line.isVisible() else ""


def untaken(count: int) -> str:
    """What the strip says where nobody took them."""
    return f"保留した読み取り {count}件は処理していません"


# -- given to whoever comes back ------------------------------------------------------------------------


@both
def test_the_same_person_finds_them_done_in_their_order(counter: Counter, library: CounterLibrary) -> None:
    first, second = library.patron(), library.patron(name="次の 人")
    items = [library.item() for _ in range(4)]
    counter.open_visit(first)
    counter.scan_and_wait(items[0])
    counter.type("2000", enter=False)
    leave(counter)
    assert count_on_lock(counter) == ""
    held = [items[1], second, items[2], items[3]]
    for number, code in enumerate(held, start=1):
        counter.scan(code)
        counter.until(lambda number=number: count_on_lock(counter) == f"読み取り {number}件を保留中")
    counter.turn()
    assert where_said(*held, first, library.title_of(items[1])) == []
    assert counter.window.sign_in.front().password_field().text() == ""
    assert library.loans() == [(first, items[0])]
    sign_in(counter)
    counter.until(lambda: len(library.loans()) == 4)
    counter.settled()
    assert library.loans() == [(first, items[0]), (first, items[1]), (second, items[2]), (second, items[3])]
    assert "次の 人" in counter.left_text()
    assert counter.window.typed.text() == "", "a scan takes the place of what was half typed"
    assert where_said(untaken(4)) == []
    # and once only
    leave(counter)
    assert count_on_lock(counter) == ""
    sign_in(counter)
    assert len(library.loans()) == 4


def test_they_go_to_the_page_that_was_in_sight(counter: Counter, library: CounterLibrary) -> None:
    card, back = library.patron(), library.item()
    library.lent(card, back, due_on=TODAY)
    counter.f(2)
    counter.scan_and_wait("1000009001")
    leave(counter)
    counter.scan(back)
    sign_in(counter)
    counter.until(lambda: library.loans() == [])
    assert counter.rows()[-1].title == library.title_of(back)


def test_one_misread_has_its_row(counter: Counter, library: CounterLibrary) -> None:
    """Unseen, it would be a book that somebody takes for lent."""
    counter.open_visit(library.patron())
    leave(counter)
    wrong = item_number(5)[:-1] + str((int(item_number(5)[-1]) + 1) % 10)
    counter.scan(wrong)
    assert count_on_lock(counter) == "読み取り 1件を保留中"
    sign_in(counter)
    assert counter.rows()[-1].sign is Sign.REFUSED
    assert counter.rows()[-1].title == wrong


def test_what_is_scanned_before_the_lock_is_there_is_held_too(
    counter: Counter, library: CounterLibrary
) -> None:
    slow = counter.server
    assert isinstance(slow, SlowServer)
    card, items = library.patron(), [library.item() for _ in range(2)]
    counter.open_visit(card)
    slow.hold()
    counter.scan(items[0])
    counter.f(12)
    counter.turn()
    assert counter.window.away.leaving
    counter.scan(items[1])
    slow.let_go()
    counter.until(lambda: not counter.window.away.leaving)
    assert count_on_lock(counter) == "読み取り 1件を保留中"
    sign_in(counter)
    counter.until(lambda: library.loans() == [(card, item) for item in items])


def test_a_wrong_password_changes_nothing_of_it(counter: Counter, library: CounterLibrary) -> None:
    card, item = library.patron(), library.item()
    counter.open_visit(card)
    leave(counter)
    counter.scan(item)
    counter.try_to_sign_in("clerk", "wrong")
    counter.until(lambda: where_said("職員番号かパスワードが違うか") != [])
    assert count_on_lock(counter) == "読み取り 1件を保留中"
    counter.scan(library.item())
    assert where_said("職員番号かパスワードが違うか") != []
    assert count_on_lock(counter) == "読み取り 2件を保留中"
    sign_in(counter)
    counter.until(lambda: len(library.loans()) == 2)


# -- to nobody else -------------------------------------------------------------------------------------


@both
def test_a_colleague_is_told_how_many_and_gets_none(counter: Counter, library: CounterLibrary) -> None:
    card, items = library.patron(), [library.item() for _ in range(3)]
    counter.open_visit(card)
    leave(counter)
    for item in items:
        counter.scan(item)
    sign_in(counter, COLLEAGUE)
    assert counter.strip().word == "離席中の読み取り"
    assert counter.strip().title == untaken(3)
    assert counter.rows() == ()
    assert where_said(card, *items) == []
    # nor does the owner, who comes back after them
    leave(counter)
    counter.try_to_sign_in("clerk")
    counter.until(counter.window.sign_in.offer.isVisible)
    counter.pass_guard()
    counter.f(10)
    counter.until(lambda: counter.window.page is not None)
    counter.until(lambda: card in counter.left_text())
    counter.settled()
    assert library.loans() == []
    assert where_said(untaken(3)) == []


def test_at_closing_time_they_are_gone_and_told_of(counter: Counter, library: CounterLibrary) -> None:
    item = library.item()
    counter.open_visit(library.patron())
    leave(counter)
    counter.scan(item)
    library.set_clock(dt.datetime.combine(TODAY, dt.time(20), JST))
    # as each minute
    counter.window._looker.look()
    counter.until(counter.window.sign_in.panel.isVisible)
    assert len(counter.window.sign_in.held) == 0
    assert where_said("訓練 太郎", item) == []
    sign_in(counter)
    assert counter.strip().title == untaken(1)
    assert counter.rows() == ()


def test_closing_time_takes_no_question_away_from_whoever_is_asked(
    counter: Counter, library: CounterLibrary
) -> None:
    """The one who is asked has a connection: it must not stay open behind a panel."""
    counter.open_visit(library.patron())
    leave(counter)
    sign_in(counter, COLLEAGUE)
    counter.open_visit(library.patron())
    leave(counter)
    counter.scan(library.item())
    counter.try_to_sign_in("clerk")
    offer = counter.window.sign_in.offer
    counter.until(offer.isVisible)
    library.set_clock(dt.datetime.combine(TODAY, dt.time(20), JST))
    counter.window._looker.look()
    counter.turn()
    assert offer.isVisible()
    counter.pass_guard()
    counter.f(9)
    counter.until(lambda: counter.window.page is not None)
    assert counter.strip().title == untaken(1)


def test_whose_work_has_ended_meanwhile_is_told_too(counter: Counter, library: CounterLibrary) -> None:
    counter.open_visit(library.patron())
    leave(counter)
    counter.scan(library.item())
    library.set_clock(dt.datetime.combine(TODAY, dt.time(20), JST))
    sign_in(counter)
    assert counter.strip().title == untaken(1)
    assert counter.rows() == ()


def test_with_no_work_waiting_they_are_refused(counter: Counter, library: CounterLibrary) -> None:
    leave(counter)
    counter.scan(library.item())
    assert counter.window.sign_in.panel.message() == SIGN_IN_FIRST
    sign_in(counter)
    assert counter.rows() == ()
    assert counter.strip().title == ""


def test_the_fifty_first_is_refused_in_words(counter: Counter, library: CounterLibrary) -> None:
    counter.open_visit(library.patron())
    leave(counter)
    for place in range(MOST_HELD):
        counter.window.take(Scan(item_number(90_000 + place), Source.WEDGE, 0.0))
    assert where_said("保留は50件までです。") == []
    counter.scan(library.item())
    assert count_on_lock(counter) == "読み取り 50件を保留中"
    assert where_said("保留は50件までです。再開してから読み取ってください。") != []
    sign_in(counter)
    counter.until(lambda: len(counter.rows()) == MOST_HELD)


def test_commands_staff_cards_and_other_codes_are_not_held(counter: Counter, library: CounterLibrary) -> None:
    counter.open_visit(library.patron())
    prefix = counter.window.pages.session.plan.command_prefix
    leave(counter)
    command_code = f"{prefix}{Command.RETURN.value}"
    for code in (command_code, staff_number(1), "HELLO-123"):
        counter.scan(code)
        assert count_on_lock(counter) == ""
    counter.scan(command_code)
    assert where_said(NO_NUMBER) != []
    assert where_said(command_code, prefix) == []
    sign_in(counter)
    assert counter.rows() == ()
    assert where_said("保留した読み取り") == []


def test_what_is_typed_is_not_held(counter: Counter, library: CounterLibrary) -> None:
    counter.open_visit(library.patron())
    leave(counter)
    counter.type(library.item())
    counter.turn()
    assert count_on_lock(counter) == ""


def test_no_log_tells_of_them(
    counter: Counter, library: CounterLibrary, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    card, item = library.patron(), library.item()
    counter.open_visit(library.patron())
    leave(counter)
    for number in (card, item):
        counter.scan(number)
    sign_in(counter, COLLEAGUE)
    assert card not in caplog.text
    assert item not in caplog.text
    assert "PatronCode" not in repr(counter.window.sign_in.held)


def test_by_default_they_are_refused(qtbot: QtBot, qapp: QApplication, library: CounterLibrary) -> None:
    counter = Counter(qtbot, qapp, library, SlowServer(library))
    counter.sign_in()
    counter.open_visit(library.patron())
    leave(counter)
    counter.scan(library.item())
    assert isinstance(counter.window.sign_in.front(), LockPanel)
    assert where_said(SIGN_IN_FIRST) != []
    assert count_on_lock(counter) == ""
    sign_in(counter)
    assert counter.rows() == ()
    counter.close()


# -- the hold itself ------------------------------------------------------------------------------------

BOOK, CARD = ItemCode("1000000016"), PatronCode("2000000011")


@pytest.mark.parametrize(
    ("code", "fate"),
    [
        (BOOK, Fate.HELD),
        (CARD, Fate.HELD),
        (Isbn("9784000000000"), Fate.HELD),
        (Unknown(UnknownReason.WRONG_LENGTH, "1000", Meaning.ITEM), Fate.HELD),
        (Unknown(UnknownReason.WRONG_LENGTH, "9000", Meaning.STAFF), Fate.NO_NUMBER),
        (Unknown(UnknownReason.NOT_A_CODE, "HELLO"), Fate.NO_NUMBER),
        (StaffCode("90000011"), Fate.NO_NUMBER),
        (CommandCode("YES"), Fate.NO_NUMBER),
    ],
)
def test_what_is_held(code: ParsedCode, fate: Fate) -> None:
    hold = ScanHold(on=True)
    assert hold.take(code) is Fate.REFUSED, "nobody's work waits"
    hold.wait_for("clerk")
    assert hold.take(code) is fate
    assert len(hold) == (fate is Fate.HELD)


def test_they_are_given_once_and_to_one_person_alone() -> None:
    hold = ScanHold(on=True)
    hold.wait_for("clerk")
    hold.take(CARD)
    hold.take(BOOK)
    # who was on their way out is out
    hold.wait_for("clerk")
    assert hold.give("clerk") == ([Held(CARD), Held(BOOK)], 0)
    assert hold.give("clerk") == ([], 0)
    hold.wait_for("clerk")
    hold.take(BOOK)
    hold.wait_for("another")
    assert len(hold) == 0
    hold.take(CARD, for_return=True)
    assert hold.give(None) == ([], 2)
    assert hold.give(None) == ([], 0)
