"""Slips at the counter: by themselves at a return, on a key, again from F9; no printer holds anything up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.lending.answers import Reserved
from madoguchi.app.printing.slips import SlipKind
from madoguchi.app.printing.spool import SlipState
from madoguchi.barcode.commands import Command
from madoguchi.widgets.look.record_table import RecordTable
from madoguchi.widgets.look.record_views import Mark
from madoguchi.widgets.look.views import Sign, Tone
from madoguchi.widgets.slip_view import SlipView
from tests.counter.harness import COLLEAGUE, Counter, CounterLibrary, SlowServer, both, where_said
from tests.counter.test_commands import command
from tests.support.library import MINAMI, TODAY
from tests.support.receipt_printer import FakePrinter

Open = Callable[..., Counter]


@pytest.fixture
def printer() -> Iterator[FakePrinter]:
    made = FakePrinter()
    yield made
    made.close()


@pytest.fixture
def open_counter(qtbot: QtBot, qapp: QApplication, library: CounterLibrary) -> Iterator[Open]:
    opened: list[Counter] = []

    def opener(place: str, **settings: object) -> Counter:
        made = Counter(qtbot, qapp, library, SlowServer(library), receipt_printer=place, **settings)  # type: ignore[arg-type]
        opened.append(made)
        made.sign_in()
        return made

    yield opener
    for made in opened:
        made.close()


def words(slip: bytes) -> str:
    """What is read on a printed slip."""
    return re.sub(rb"\x1dk.{2}[A-D0-9]+|[\x1b\x1c\x1d](?:@|&|[aCdhwfHV!].)", b"", slip).decode("cp932")


def states(counter: Counter) -> list[tuple[SlipKind, SlipState]]:
    return [(slip.kind, slip.state) for slip in counter.window.slips.spool.all()]


def come_to(counter: Counter, *expected: tuple[SlipKind, SlipState]) -> None:
    counter.until(lambda: states(counter) == list(expected))


def shift_f9(counter: Counter) -> None:
    counter.press(Qt.Key.Key_F9, modifiers=Qt.KeyboardModifier.ShiftModifier)


def table(counter: Counter) -> RecordTable:
    page = counter.window.page
    assert page is not None
    centre = page.centre()
    assert isinstance(centre, RecordTable)
    return centre


def listed(counter: Counter) -> list[tuple[str, ...]]:
    """The list, without the time."""
    return [record.cells[1:] for record in table(counter).view().records]


def three_returns(library: CounterLibrary) -> tuple[str, str, str, str]:
    """The card of whoever waits; then copies on loan: of another branch, waited for, and neither."""
    elsewhere = library.item(home_branch_id=MINAMI, title="南の本")
    wanted, plain = library.item(title="待たれる本"), library.item()
    waiting = library.patron(name="取置 待子")
    library.reserved(waiting, wanted)
    for item in (elsewhere, wanted, plain):
        library.lent(library.patron(), item, due_on=TODAY)
    return waiting, elsewhere, wanted, plain


@both
def test_a_return_prints_its_slip_by_itself(
    open_counter: Open, library: CounterLibrary, printer: FakePrinter
) -> None:
    waiting, elsewhere, wanted, plain = three_returns(library)
    counter = open_counter(printer.place)
    counter.f(2)
    for item in (elsewhere, wanted, plain):
        counter.scan_and_wait(item)
    come_to(counter, (SlipKind.TRANSIT, SlipState.PRINTED), (SlipKind.SHELF, SlipState.PRINTED))
    transit, shelf = sorted(printer.slips, key=lambda slip: "取置票" in words(slip))
    assert "配送票" in words(transit)
    assert "南市民図書館" in words(transit)
    assert "南の本" in words(transit)
    assert f"A{elsewhere}A".encode() in transit
    # who it is for, as the library's setting says: the end of the number, and no name
    assert f"\n{waiting[-4:]}\n" in words(shelf)
    assert "待たれる本" in words(shelf)
    assert "取置 待子" not in words(shelf)
    assert f"A{wanted}A".encode() in shelf
    # the spool has the number of the copy on the shelf alone
    kept = next(s for s in counter.window.slips.spool.all() if s.kind is SlipKind.SHELF)
    assert (kept.content, kept.item_number) == (None, wanted)
    # nothing else is said of it, and the same copies again get no second slip
    assert counter.banner_text() == ""
    counter.scan_and_wait(wanted)
    assert len(printer.slips) == 2
    # looked at on screen, as it was printed; nothing of it stays
    shift_f9(counter)
    assert listed(counter) == [
        ("取置票", f"資料 {wanted}", "印刷しました"),
        ("配送票", "南市民図書館へ  南の本", "印刷しました"),
    ]
    counter.press(Qt.Key.Key_Return, "\r")
    page = counter.window.page
    assert page is not None
    view = page.centre()
    assert isinstance(view, SlipView)
    counter.until(lambda: view.slip() is not None)
    assert waiting[-4:] in view.text()
    counter.f(9)
    counter.until(lambda: len(printer.slips) == 3)
    come_to(counter, (SlipKind.TRANSIT, SlipState.PRINTED), (SlipKind.SHELF, SlipState.PRINTED))
    assert words(printer.slips[2]) == words(shelf)
    counter.press(Qt.Key.Key_Escape)
    assert (view.slip(), waiting[-4:] in view.text()) == (None, False)
    counter.press(Qt.Key.Key_Escape)
    counter.until(lambda: view.slip() is not None)
    counter.f(11)
    assert isinstance(counter.window.page.centre(), RecordTable)
    counter.f(11)
    assert counter.rows()[0].sign is Sign.TO_TRANSIT
    # the minutes in which a return can be undone have passed
    library.pass_time(minutes=11)
    counter.window.slips.forget_old()
    assert states(counter) == []


def test_the_last_slip_is_printed_again_by_a_scan(
    open_counter: Open, library: CounterLibrary, printer: FakePrinter
) -> None:
    _, elsewhere, wanted, _ = three_returns(library)
    counter = open_counter(printer.place)
    command(counter, Command.REPRINT)
    assert (counter.strip().tone, counter.strip().word) == (Tone.NOTICE, "印刷した伝票がありません")
    counter.f(2)
    counter.scan_and_wait(elsewhere)
    come_to(counter, (SlipKind.TRANSIT, SlipState.PRINTED))
    counter.scan_and_wait(wanted)
    come_to(counter, (SlipKind.TRANSIT, SlipState.PRINTED), (SlipKind.SHELF, SlipState.PRINTED))
    command(counter, Command.REPRINT)
    assert (counter.strip().word, counter.strip().title) == ("もう一度印刷します", "取置票")
    counter.until(lambda: len(printer.slips) == 3)
    come_to(counter, (SlipKind.TRANSIT, SlipState.PRINTED), (SlipKind.SHELF, SlipState.PRINTED))
    assert words(printer.slips[2]) == words(printer.slips[1])
    # asked for from the list, it is the last one now
    shift_f9(counter)
    counter.press(Qt.Key.Key_Down)
    counter.f(9)
    counter.until(lambda: len(printer.slips) == 4)
    come_to(counter, (SlipKind.TRANSIT, SlipState.PRINTED), (SlipKind.SHELF, SlipState.PRINTED))
    command(counter, Command.REPRINT)
    assert counter.strip().title == "配送票"
    counter.until(lambda: len(printer.slips) == 5)
    assert words(printer.slips[4]) == words(printer.slips[0])
    # what is forgotten is printed no more
    come_to(counter, (SlipKind.TRANSIT, SlipState.PRINTED), (SlipKind.SHELF, SlipState.PRINTED))
    library.pass_time(minutes=11)
    counter.window.slips.forget_old()
    command(counter, Command.REPRINT)
    assert counter.strip().tone is Tone.NOTICE
    assert len(printer.slips) == 5


def test_a_reprint_read_twice_prints_nobody_elses_slip(
    open_counter: Open, library: CounterLibrary, printer: FakePrinter
) -> None:
    _, elsewhere, wanted, _ = three_returns(library)
    counter = open_counter(printer.place)
    counter.f(2)
    counter.scan_and_wait(elsewhere)
    come_to(counter, (SlipKind.TRANSIT, SlipState.PRINTED))
    counter.scan_and_wait(wanted)
    come_to(counter, (SlipKind.TRANSIT, SlipState.PRINTED), (SlipKind.SHELF, SlipState.PRINTED))
    slips = counter.window.slips
    last = slips.spool.last()
    assert last is not None
    slips.spool.becomes(last, SlipState.PRINTING)
    command(counter, Command.REPRINT)
    assert (counter.strip().tone, counter.strip().word) == (Tone.NOTICE, "いま印刷しています")
    slips.spool.becomes(last, SlipState.PRINTED)
    command(counter, Command.REPRINT)
    assert counter.strip().title == "取置票"
    counter.until(lambda: len(printer.slips) == 3)
    come_to(counter, (SlipKind.TRANSIT, SlipState.PRINTED), (SlipKind.SHELF, SlipState.PRINTED))
    assert words(printer.slips[2]) == words(printer.slips[1])


def test_a_reprint_without_a_printer_says_so(open_counter: Open) -> None:
    counter = open_counter("")
    command(counter, Command.REPRINT)
    assert "プリンターが設定されていません" in counter.strip().word


def test_a_dead_printer_holds_up_nothing_and_is_said_at_once(
    open_counter: Open, library: CounterLibrary, printer: FakePrinter
) -> None:
    items = [library.item(home_branch_id=MINAMI) for _ in range(10)]
    for item in items:
        library.lent(library.patron(), item, due_on=TODAY)
    # it takes the connection and says nothing, for longer than this test may last
    printer.state = None
    counter = open_counter(printer.place)
    counter.window.slips.printing._seconds = 60
    counter.f(2)
    for item in items:
        counter.scan(item)
    counter.settled()
    assert [row.sign for row in counter.rows()] == [Sign.TO_TRANSIT] * 10
    printing, waiting = (SlipKind.TRANSIT, SlipState.PRINTING), (SlipKind.TRANSIT, SlipState.WAITING)
    come_to(counter, printing, *(waiting,) * 9)
    assert counter.banner_text() == ""
    # it is switched off: every slip that waits is tried, and none is held up by the one before it
    counter.window.slips.printing._seconds = 1
    printer.hang_up()
    printer.close()
    failed = (SlipKind.TRANSIT, SlipState.FAILED)
    come_to(counter, *(failed,) * 10)
    assert "伝票 10枚を印刷していません" in counter.banner_text()
    assert "つながりません" in counter.banner_text()
    assert counter.strip().sign is Sign.TO_TRANSIT  # the answer to the last scan stays in sight


def test_what_waits_for_the_printer_can_be_taken_back(
    open_counter: Open, library: CounterLibrary, printer: FakePrinter
) -> None:
    items = [library.item(home_branch_id=MINAMI) for _ in range(5)]
    for item in items:
        library.lent(library.patron(), item, due_on=TODAY)
    printer.state = None
    counter = open_counter(printer.place)
    counter.window.slips.printing._seconds = 60
    counter.f(2)
    for item in items[:2]:
        counter.scan_and_wait(item)
    printing, waiting = (SlipKind.TRANSIT, SlipState.PRINTING), (SlipKind.TRANSIT, SlipState.WAITING)
    come_to(counter, printing, waiting)
    # the second return never was, and the third one's slip is all that is printed when the printer is back
    counter.f(9)
    counter.settled()
    come_to(counter, printing)
    counter.scan_and_wait(items[2])
    come_to(counter, printing, waiting)
    printer.state = 0x12
    printer.hang_up()
    come_to(counter, (SlipKind.TRANSIT, SlipState.FAILED), (SlipKind.TRANSIT, SlipState.PRINTED))
    assert [f"A{items[2]}A".encode() in slip for slip in printer.slips] == [True]
    # what waits is a colleague's to print, and does not come out before they ask for it
    printer.state = None
    for item in items[3:]:
        counter.scan_and_wait(item)
    counter.until(lambda: states(counter)[2:] == [printing, waiting])
    counter.f(12)
    counter.sign_in(COLLEAGUE)
    failed = (SlipKind.TRANSIT, SlipState.FAILED)
    assert states(counter) == [failed, printing, failed]
    printer.state = 0x12
    printer.hang_up()
    come_to(counter, failed, failed, failed)
    assert len(printer.slips) == 1
    shift_f9(counter)
    counter.f(10)
    counter.until(lambda: len(printer.slips) == 4)


def test_what_failed_is_printed_again_from_f9(
    open_counter: Open, library: CounterLibrary, printer: FakePrinter
) -> None:
    items = [library.item(home_branch_id=MINAMI) for _ in range(3)]
    for item in items:
        library.lent(library.patron(), item, due_on=TODAY)
    printer.state = 0x12 | 0x20
    counter = open_counter(printer.place)
    counter.f(2)
    failed, printed = (SlipKind.TRANSIT, SlipState.FAILED), (SlipKind.TRANSIT, SlipState.PRINTED)
    for item in items:
        counter.scan_and_wait(item)
    come_to(counter, failed, failed, failed)
    assert printer.slips == []
    assert "用紙がありません" in counter.banner_text()
    # a return that never was needs no slip
    counter.f(9)
    counter.settled()
    come_to(counter, failed, failed)
    shift_f9(counter)
    assert [record.mark for record in table(counter).view().records] == [Mark.WRONG, Mark.WRONG]
    assert listed(counter)[0][2] == "レシートプリンターの用紙がありません。"
    assert "伝票 2枚" in counter.strip().word
    assert counter.banner_text() == ""
    counter.f(9)  # still none
    come_to(counter, failed, failed)
    printer.state = 0x12
    counter.f(9)
    come_to(counter, failed, printed)
    assert f"A{items[1]}A".encode() in printer.slips[-1]
    counter.f(10)
    come_to(counter, printed, printed)
    assert 10 not in counter.live_keys()
    assert counter.strip().word == "伝票の一覧です"
    assert len(printer.slips) == 2
    counter.f(2)
    assert counter.banner_text() == ""


def test_a_lock_keeps_slips_and_whoever_comes_next_finds_no_patrons_slip(
    open_counter: Open, library: CounterLibrary, printer: FakePrinter
) -> None:
    waiting, elsewhere, wanted, _ = three_returns(library)
    printer.state = 0x12 | 0x04
    counter = open_counter(printer.place)
    failed = (SlipKind.TRANSIT, SlipState.FAILED), (SlipKind.SHELF, SlipState.FAILED)
    counter.f(2)
    for item in (elsewhere, wanted):
        counter.scan_and_wait(item)
    counter.until(lambda: set(states(counter)) == set(failed))
    counter.f(12)
    counter.until(lambda: not counter.window.away.leaving)
    assert not where_said("南の本")
    counter.sign_in()
    assert set(states(counter)) == set(failed)
    assert "伝票 2枚を印刷していません" in counter.banner_text()
    printer.state = 0x12
    shift_f9(counter)
    counter.f(10)
    counter.until(lambda: len(printer.slips) == 2)
    assert any(waiting[-4:] in words(slip) for slip in printer.slips)
    counter.until(lambda: all(state is SlipState.PRINTED for _, state in states(counter)))
    # a copy that lacks its slip is whoever's is here; what was printed, or was for a patron, is not
    printer.state = 0x12 | 0x04
    counter.window.slips.shelved(wanted)
    counter.until(lambda: states(counter)[-1] == failed[1])
    counter.window.slips.reserved(Reserved(uuid4(), "予約の本", None, "中央図書館", 1, False))
    counter.until(lambda: len(states(counter)) == 4)
    counter.f(12)
    counter.sign_in(COLLEAGUE)
    assert states(counter) == [failed[1]]
    printer.state = 0x12
    shift_f9(counter)
    counter.f(10)
    counter.until(lambda: len(printer.slips) == 3)
    assert waiting[-4:] in words(printer.slips[-1])
    counter.window.sign_out()
    assert states(counter) == []


@both
def test_what_is_for_the_patron_is_printed_on_a_key(
    open_counter: Open, library: CounterLibrary, printer: FakePrinter, items: list[str]
) -> None:
    card, other = library.patron(name="貸出 太郎"), library.patron()
    library.patron(lost_card=(refused := "2000009106"))
    counter = open_counter(printer.place)
    assert 9 not in counter.live_keys()
    counter.open_visit(card)
    for item in items[:2]:
        counter.scan_and_wait(item)
    counter.f(11)
    assert printer.slips == []
    # the key is pressed twice before the printer has come to the end
    counter.f(9)
    counter.f(9)
    counter.settled()
    come_to(counter, (SlipKind.LOAN, SlipState.PRINTED))
    loan = words(printer.slips[0])
    assert "貸出票" in loan
    assert "こころ" in loan
    assert "吾輩は猫である" in loan
    assert "返却期限 2026年5月26日(火)" in loan
    assert f"利用者番号の末尾 {card[-4:]}" in loan
    assert "貸出 太郎" not in loan
    assert card not in loan
    # hidden, the list says nothing of anybody
    shift_f9(counter)
    assert listed(counter) == [("貸出票", f"番号の末尾 {card[-4:]}・2点", "印刷しました")]
    counter.press(Qt.Key.Key_Escape)
    assert listed(counter) == [("貸出票", "—", "印刷しました")]
    counter.press(Qt.Key.Key_Escape)
    # the next visit's key is for nobody else
    counter.f(1)
    assert 9 in counter.live_keys()
    counter.scan(refused)
    counter.until(lambda: 9 not in counter.live_keys())
    counter.open_visit(other)
    counter.f(11)
    assert 9 not in counter.live_keys()
    counter.f(3)
    assert 9 not in counter.live_keys()
    library.pass_time(days=1)
    counter.scan_and_wait(items[0])
    counter.f(9)
    counter.f(9)
    counter.until(lambda: len(printer.slips) == 2)
    assert "延長票" in words(printer.slips[1])
    assert "こころ" in words(printer.slips[1])
    assert 9 not in counter.live_keys()
    # what nobody asked a slip for is not on the next one's
    counter.scan_and_wait(items[1])
    assert 9 in counter.live_keys()
    library.pass_time(minutes=11)
    counter.window.slips.forget_old()
    assert 9 not in counter.live_keys()
    counter.f(11)
    assert len(printer.slips) == 2
    library.pass_time(minutes=11)
    counter.window.slips.forget_old()
    assert states(counter) == []


def test_all_of_it_is_printed_unasked_where_the_setting_says_so(
    open_counter: Open, library: CounterLibrary, printer: FakePrinter, items: list[str]
) -> None:
    card = library.patron()
    counter = open_counter(printer.place, slips_at_once=tuple(SlipKind), slip_paper="58")
    counter.open_visit(card)
    counter.scan_and_wait(items[0])
    server = counter.server
    assert isinstance(server, SlowServer)
    server.hold()
    counter.scan(items[1])
    counter.f(11)
    come_to(counter, (SlipKind.LOAN, SlipState.PRINTED))
    # what is confirmed after the visit has ended is told the patron, too
    server.let_go()
    come_to(counter, (SlipKind.LOAN, SlipState.PRINTED), (SlipKind.LOAN, SlipState.PRINTED))
    assert ["こころ" in words(slip) for slip in printer.slips] == [True, False]
    assert ["吾輩は猫である" in words(slip) for slip in printer.slips] == [False, True]
    assert "-" * 32 + "\n" in words(printer.slips[0])
    assert "-" * 33 not in words(printer.slips[0])


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "on a key"])
def test_a_lock_ends_no_visit(
    open_counter: Open, library: CounterLibrary, printer: FakePrinter, items: list[str], at_once: bool
) -> None:
    settings = {"slips_at_once": tuple(SlipKind)} if at_once else {}
    counter = open_counter(printer.place, **settings)
    counter.open_visit(library.patron())
    counter.scan_and_wait(items[0])
    counter.f(12)
    counter.until(lambda: not counter.window.away.leaving)
    counter.sign_in()
    assert states(counter) == []
    counter.until(lambda: counter.window.page is not None and len(counter.rows()) == 1)
    counter.settled()
    # a visit may last longer than what is printed is remembered
    library.pass_time(minutes=11)
    counter.window.slips.forget_old()
    counter.scan_and_wait(items[1])
    assert states(counter) == []
    counter.f(11)
    counter.window.slips.forget_old()
    if not at_once:
        counter.f(9)
    come_to(counter, (SlipKind.LOAN, SlipState.PRINTED))
    assert ["こころ" in words(slip) for slip in printer.slips] == [True]
    assert ["吾輩は猫である" in words(slip) for slip in printer.slips] == [True]


def test_a_slip_that_nobody_wants_goes(
    open_counter: Open, library: CounterLibrary, printer: FakePrinter
) -> None:
    waiting, elsewhere, wanted, _ = three_returns(library)
    printer.state = 0x12 | 0x20
    counter = open_counter(printer.place)
    counter.f(2)
    for item in (elsewhere, wanted):
        counter.scan_and_wait(item)
    failed = (SlipKind.TRANSIT, SlipState.FAILED), (SlipKind.SHELF, SlipState.FAILED)
    counter.until(lambda: sorted(states(counter)) == sorted(failed))
    shift_f9(counter)
    counter.until(lambda: len(listed(counter)) == 2)
    counter.press(Qt.Key.Key_Home)
    assert listed(counter)[0][0] == "取置票"
    counter.press(Qt.Key.Key_Down)
    counter.press(Qt.Key.Key_Delete)
    assert states(counter) == [failed[1]]
    assert "伝票 1枚" in counter.strip().word
    # a number that is typed is the window's, and Enter is its end
    counter.type(waiting)
    counter.until(lambda: "取置 待子" in counter.left_text())
    # it was fetched before there was a slip for it
    counter.scan_and_wait(wanted)
    assert states(counter) == []


def test_without_a_printer_nothing_is_spooled(open_counter: Open, library: CounterLibrary) -> None:
    _, elsewhere, wanted, _ = three_returns(library)
    counter = open_counter("")
    counter.f(2)
    for item in (elsewhere, wanted):
        counter.scan_and_wait(item)
    assert states(counter) == []
    shift_f9(counter)
    assert table(counter).view().empty == "この端末にはプリンターが設定されていません。"
    assert 9 not in counter.live_keys()
