"""Labels at the real window: collected by scanning, allotted by the server, printed, and read back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from madoguchi.app.server import tables as t
from madoguchi.app.training.situations import item_number, patron_number
from madoguchi.barcode.commands import Command
from madoguchi.barcode.label_sheets import LayoutField, LayoutProblem
from madoguchi.widgets import label_forms as forms
from madoguchi.widgets import label_words as words
from madoguchi.widgets.kept_pages import KeptLabel, KeptLabels
from madoguchi.widgets.label_list import State
from madoguchi.widgets.label_paper import LabelSheets, SpineLabel
from madoguchi.widgets.label_printing import LabelPrinting, write_labels
from madoguchi.widgets.label_words import TO_FILE, Line
from madoguchi.widgets.labels_page import LabelsPage
from madoguchi.widgets.look.form_panel import FormPanel
from madoguchi.widgets.look.record_views import Mark
from madoguchi.widgets.look.views import Answer, Tone
from madoguchi.widgets.search_page import SEARCH
from tests.counter.harness import Counter, CounterLibrary, CutLine, both
from tests.counter.test_away import come_back, leave
from tests.counter.test_commands import command
from tests.widgets.test_command_sheet import read_back

FIRST = 90_000_000
SHIFT = Qt.KeyboardModifier.ShiftModifier


class LabelPrinter:
    """A printer that the system knows, and what came out of it."""

    name = "ラベル用プリンター"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.jobs: list[LabelSheets] = []
        self.trouble: OSError | None = None
        self.goes_on = threading.Event()
        self.goes_on.set()

    def print(self, name: str, sheets: LabelSheets) -> None:
        assert name == self.name
        self.goes_on.wait(60)
        if self.trouble is not None:
            raise self.trouble
        self.jobs.append(sheets)
        (self.folder / str(len(self.jobs))).mkdir()
        write_labels(self.folder / str(len(self.jobs)) / "labels.pdf", sheets)

    def read(self) -> list[str]:
        """What a scanner reads of what was printed last."""
        file = self.folder / str(len(self.jobs)) / "labels.pdf"
        return sorted(text.removeprefix("Codabar:A")[:-1] for text in read_back(file, 300))


@pytest.fixture
def printer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LabelPrinter:
    made = LabelPrinter(tmp_path)
    monkeypatch.setattr("madoguchi.widgets.label_printing.print_labels", made.print)
    monkeypatch.setattr(
        LabelPrinting, "printers", lambda _self, then: then((made.name, "もう一台"), made.name)
    )
    return made


@pytest.fixture
def line(library: CounterLibrary) -> CutLine:
    return CutLine(library)


@pytest.fixture
def counter(
    qtbot: QtBot, qapp: QApplication, library: CounterLibrary, line: CutLine, printer: LabelPrinter
) -> Iterator[Counter]:
    made = Counter(qtbot, qapp, library, line)
    made.sign_in()
    yield made
    made.close()


def page(counter: Counter) -> LabelsPage:
    found = counter.window.page
    assert isinstance(found, LabelsPage)
    return found


def open_labels(counter: Counter) -> None:
    counter.press(Qt.Key.Key_F6, modifiers=SHIFT)
    counter.until(lambda: isinstance(counter.window.page, LabelsPage))


def listed(counter: Counter) -> list[str]:
    return [record.key for record in page(counter).table.view().records]


def form(counter: Counter) -> FormPanel:
    centre = page(counter).centre()
    assert isinstance(centre, FormPanel)
    return centre


def form_is_open(counter: Counter) -> bool:
    centre = page(counter).centre()
    return isinstance(centre, FormPanel) and centre.view() is not None


def fill(counter: Counter, **values: str) -> None:
    """Into the lines of the form, as choosing and typing there do."""
    panel = form(counter)
    for key, value in values.items():
        panel.set_values({key: value})
        panel.edited.emit(key)
        panel = form(counter)


def new_numbers(counter: Counter, count: int, rule: str = "0") -> list[str]:
    """Allotted by the keyboard; the numbers that came into the list."""
    before = listed(counter)
    counter.f(9)
    assert form_is_open(counter)
    fill(counter, **{Line.RULE.value: rule, Line.COUNT.value: str(count)})
    counter.f(10)
    counter.until(lambda: len(listed(counter)) == len(before) + count)
    return listed(counter)[len(before) :]


def open_printing(counter: Counter) -> None:
    counter.f(10)
    counter.until(lambda: form_is_open(counter))
    # the key that opened it sends it only when it is meant
    counter.pass_guard()


def numbers(count: int, after: int = 0) -> list[str]:
    return [item_number(FIRST + after + n) for n in range(count)]


@both
def test_a_sheet_of_new_numbers_is_allotted_printed_and_printed_again(
    counter: Counter, library: CounterLibrary, printer: LabelPrinter
) -> None:
    open_labels(counter)
    made = new_numbers(counter, 44)
    assert made == numbers(44)
    assert counter.strip() == words.allotted_strip(made)
    open_printing(counter)
    assert form(counter).values()[Line.PRINTER.value] == printer.name
    fill(counter, **{Line.SHEET.value: "44", Line.START.value: "1"})
    counter.f(10)
    counter.until(lambda: len(printer.jobs) == 1 and not form_is_open(counter))
    assert counter.strip() == words.sent_strip(printer.name, 1)
    assert printer.read() == sorted(made)
    # tomorrow, at another counter: the same numbers again, and the next ones are others
    page(counter).rows.clear()
    counter.f(1)
    open_labels(counter)
    counter.f(11)
    counter.until(lambda: len(page(counter).ranges.view().records) == 1)
    counter.press(Qt.Key.Key_Return, "\r")
    counter.until(lambda: listed(counter) == made)
    open_printing(counter)
    counter.f(10)
    counter.until(lambda: len(printer.jobs) == 2 and not form_is_open(counter))
    assert printer.read() == sorted(made)
    assert new_numbers(counter, 2) == numbers(2, after=44)
    assert len(library.rows(sa.select(t.item_range))) == 2


@both
def test_items_are_collected_by_scanning_and_get_both_labels(
    counter: Counter, library: CounterLibrary, printer: LabelPrinter
) -> None:
    first = library.item(title="坊っちゃん", author_mark="ナ")
    second = library.item(title="草枕", author_mark="ナ2")
    unknown = item_number(77)
    open_labels(counter)
    for number in (first, second, unknown):
        counter.scan(number)
    counter.scan(first)
    assert counter.strip() == words.there_strip(first)
    counter.settled()
    records = {record.key: record for record in page(counter).table.view().records}
    assert list(records) == [first, second, unknown]
    assert records[first].cells[1:4] == ("坊っちゃん", "913.6", "ナ")
    assert records[unknown].mark is Mark.NOTICE
    # nothing is lent by that, and one that was scanned by mistake goes
    assert library.loans() == []
    page(counter).table.select(second)
    counter.press(Qt.Key.Key_Delete)
    assert listed(counter) == [first, unknown]
    open_printing(counter)
    fill(counter, **{Line.SHEET.value: "24", Line.START.value: "24", Line.TITLE.value: "title"})
    counter.f(10)
    counter.until(lambda: len(printer.jobs) == 1 and not form_is_open(counter))
    assert printer.read() == sorted([first, unknown])
    assert printer.jobs[0].pages == 2
    assert [label.title for label in printer.jobs[0].labels] == ["坊っちゃん", ""]
    open_printing(counter)
    # it goes on behind the last one
    assert form(counter).values()[Line.START.value] == "2"
    fill(counter, **{Line.KIND.value: "spine"})
    counter.f(10)
    counter.until(lambda: len(printer.jobs) == 2 and not form_is_open(counter))
    assert printer.jobs[1].labels == (SpineLabel("913.6", "ナ", ""),)


def test_ten_cards_are_printed_before_anybody_has_one(counter: Counter, printer: LabelPrinter) -> None:
    open_labels(counter)
    made = new_numbers(counter, 10, rule="1")
    assert made == [patron_number(FIRST + n) for n in range(10)]
    open_printing(counter)
    counter.f(10)
    counter.until(lambda: len(printer.jobs) == 1 and not form_is_open(counter))
    assert printer.read() == sorted(made)
    # a card that was printed ahead is given like one that was bought; the next ones have other numbers
    assert new_numbers(counter, 1, rule="1") == [patron_number(FIRST + 10)]


def test_what_is_wrong_is_said_in_its_line(counter: Counter, printer: LabelPrinter) -> None:
    open_labels(counter)
    assert 10 not in counter.live_keys()
    counter.f(9)
    for typed in ("", "0", "1001", "x", "-1", "１２３４"):
        fill(counter, **{Line.COUNT.value: typed})
        counter.f(10)
        assert form(counter).field(Line.COUNT.value).field_view().error == forms.count_error(1000)
    counter.press(Qt.Key.Key_Escape)
    assert not form_is_open(counter)
    counter.scan(item_number(5))
    counter.settled()
    open_printing(counter)
    fill(counter, **{Line.START.value: "45"})
    counter.f(10)
    assert form(counter).field(Line.START.value).field_view().error == forms.count_error(44)
    # a sheet of one's own: its lines come, filled with measures that fit
    fill(counter, **{Line.START.value: "1", Line.SHEET.value: "custom"})
    assert {"columns", "rows", "width", "height", "left", "top", "pitch_x", "pitch_y"} <= set(
        form(counter).values()
    )
    fill(counter, rows="14", pitch_x="38")
    counter.f(10)
    wrong = {key: form(counter).field(key).field_view().error for key in ("rows", "pitch_x", "pitch_y")}
    assert wrong["rows"] == ""
    assert wrong["pitch_x"] == forms.layout_errors(_problem("pitch_x", "overlapping"))["pitch_x"]
    assert wrong["pitch_y"] == forms.layout_errors(_problem("pitch_y", "off_the_paper"))["pitch_y"]
    fill(counter, rows="2", columns="2", width="30", pitch_x="40")
    counter.f(10)
    no_room = words.no_room()
    counter.until(lambda: form(counter).field(Line.SHEET.value).field_view().error == no_room)
    assert printer.jobs == []
    fill(counter, width="40")
    counter.f(10)
    counter.until(lambda: len(printer.jobs) == 1)
    assert (printer.jobs[0].layout.count, printer.jobs[0].layout.width) == (4, 40.0)


def _problem(field: str, problem: str) -> dict[LayoutField, LayoutProblem]:
    return {LayoutField(field): LayoutProblem(problem)}


def test_a_printer_that_takes_nothing_is_said_and_it_is_tried_again(
    counter: Counter, printer: LabelPrinter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_labels(counter)
    counter.scan(item_number(5))
    counter.settled()
    open_printing(counter)
    printer.trouble = OSError(0, printer.name)
    counter.f(10)
    counter.until(lambda: form(counter).view().message == words.not_sent(printer.trouble))
    assert listed(counter) == [item_number(5)]
    # while a printer takes its time, the counter goes on
    printer.trouble = None
    printer.goes_on.clear()
    counter.f(10)
    counter.until(lambda: form(counter).view().busy)
    counter.f(1)
    assert not isinstance(counter.window.page, LabelsPage)
    printer.goes_on.set()
    counter.until(lambda: len(printer.jobs) == 1)
    open_labels(counter)
    counter.until(lambda: not form_is_open(counter))
    # into a file
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setattr(page(counter).print_form, "_folder", folder)
    open_printing(counter)
    fill(counter, **{Line.PRINTER.value: TO_FILE})
    counter.f(10)
    counter.until(lambda: not form_is_open(counter))
    (file,) = folder.glob("madoguchi-labels-*.pdf")
    assert counter.strip() == words.sent_strip(file, 1)
    monkeypatch.setattr(page(counter).print_form, "_folder", folder / "gone")
    open_printing(counter)
    counter.f(10)
    counter.until(lambda: form_is_open(counter) and str(folder / "gone") in form(counter).view().message)


@both
def test_a_line_that_is_cut_burns_no_number(
    qtbot: QtBot, counter: Counter, library: CounterLibrary, line: CutLine
) -> None:
    open_labels(counter)
    line.down = True
    counter.f(9)
    fill(counter, **{Line.COUNT.value: "5"})
    counter.f(10)
    counter.until(lambda: form(counter).view().message == words.outage())
    line.down = False
    counter.until(lambda: listed(counter) == numbers(5))
    # the program's own fault: the same form sends the same act once more
    counter.f(9)
    fill(counter, **{Line.COUNT.value: "3"})
    with qtbot.captureExceptions() as raised:
        line.bug = ZeroDivisionError("on purpose")
        counter.f(10)
        counter.until(lambda: form(counter).view().message == words.fault())
    assert [kind for kind, *_ in raised] == [ZeroDivisionError]
    counter.f(10)
    counter.until(lambda: listed(counter) == numbers(8))
    assert [row["size"] for row in library.rows(sa.select(t.item_range))] == [5, 3]


@both
def test_what_was_collected_is_there_after_a_lock(counter: Counter, library: CounterLibrary) -> None:
    known = library.item(title="草枕", author_mark="ナ")
    open_labels(counter)
    counter.scan(known)
    made = new_numbers(counter, 2)
    counter.f(9)
    fill(counter, **{Line.COUNT.value: "7"})
    leave(counter)
    come_back(counter)
    assert form(counter).values()[Line.COUNT.value] == "7"
    counter.press(Qt.Key.Key_Escape)
    counter.until(lambda: listed(counter) == [known, *made])
    counter.settled()
    assert page(counter).table.view().records[0].cells[1] == "草枕"


def test_the_sheet_is_seen_before_it_is_printed(counter: Counter) -> None:
    open_labels(counter)
    shown = page(counter)
    assert shown.beside.image() is None
    assert shown.beside.words() == words.no_page_words(any_labels=False)
    new_numbers(counter, 50)
    counter.until(lambda: shown.beside.image() is not None)
    assert shown.beside.words() == words.page_words(0, 2, 50)
    open_printing(counter)
    fill(counter, **{Line.SHEET.value: "65", Line.START.value: "60"})
    assert shown.beside.words() == words.page_words(0, 2, 50)
    fill(counter, **{Line.START.value: "66"})
    assert shown.beside.words() == words.no_page_words(any_labels=True)
    assert shown.beside.image() is None
    fill(counter, **{Line.START.value: "60"})
    counter.f(9)
    assert shown.centre() is shown.picture
    counter.until(lambda: shown.picture.image() is not None)
    counter.press(Qt.Key.Key_PageDown)
    counter.until(lambda: shown.picture.words() == words.page_words(1, 2, 50))
    counter.press(Qt.Key.Key_PageDown)
    assert shown.picture.words() == words.page_words(1, 2, 50)
    counter.press(Qt.Key.Key_Escape)
    assert form_is_open(counter)
    assert form(counter).values()[Line.START.value] == "60"


def test_it_is_reached_from_a_quick_add_and_the_form_waits(counter: Counter) -> None:
    counter.f(SEARCH)
    counter.f(11)
    counter.until(lambda: 9 in counter.live_keys())
    counter.f(9)
    assert isinstance(counter.window.page, LabelsPage)
    (number,) = new_numbers(counter, 1)
    counter.f(SEARCH)
    counter.scan(number)
    centre = counter.window.page.centre()
    assert isinstance(centre, FormPanel)
    assert centre.values()["item_number"] == number


def test_all_of_it_by_mouse(qtbot: QtBot, counter: Counter, printer: LabelPrinter) -> None:
    window = counter.window

    def click(target: QWidget) -> None:
        qtbot.mouseClick(target, Qt.MouseButton.LeftButton)

    # its key stands beside the search, and nowhere else
    assert not window.frame.corner.page_key().isVisible()
    click(window.frame.rail.key(SEARCH))
    click(window.frame.corner.page_key())
    shown = page(counter)
    assert not window.frame.corner.page_key().isVisible()
    click(window.frame.rail.key(9))
    fill(counter, **{Line.COUNT.value: "50"})
    click(form(counter).submit_button())
    counter.until(lambda: len(listed(counter)) == 50)

    # one is taken out, and nothing of it is done before it is said
    def drop_first(answer: Answer) -> None:
        view = shown.table.records_view()
        place = view.visualRect(view.model().index(0, 0)).center()
        for press in (qtbot.mouseClick, qtbot.mouseDClick):
            press(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        counter.pass_guard()
        click(window.frame.question.button(answer))

    drop_first(Answer.STOP)
    assert len(listed(counter)) == 50
    drop_first(Answer.OFFERED)
    assert listed(counter) == numbers(49, after=1)
    # the sheets, each of them
    counter.until(lambda: shown.beside.image() is not None)
    click(shown.beside)
    assert shown.centre() is shown.picture
    counter.until(lambda: shown.picture.words() == words.page_words(0, 2, 49))
    click(window.frame.rail.key(9))
    counter.until(lambda: shown.picture.words() == words.page_words(1, 2, 49))
    click(window.frame.rail.key(9))
    counter.until(lambda: shown.picture.words() == words.page_words(0, 2, 49))
    for by, at in ((-120, 1), (-120, 1), (120, 0)):
        turn_the_wheel(shown.picture, by)
        assert shown.picture.words() == words.page_words(at, 2, 49)
    # printed from there
    click(window.frame.rail.key(10))
    counter.until(lambda: form_is_open(counter))
    counter.pass_guard()
    click(form(counter).submit_button())
    counter.until(lambda: len(printer.jobs) == 1 and not form_is_open(counter))
    # what came out is taken out, all at once; it is found again among the ranges
    drop_first(Answer.UNUSUAL)
    assert listed(counter) == []
    click(window.frame.rail.key(11))
    counter.until(lambda: len(shown.ranges.view().records) == 1)
    click(window.frame.rail.key(10))
    assert listed(counter) == numbers(50)


def turn_the_wheel(target: QWidget, by: int) -> None:
    at = QPointF(10, 10)
    event = QWheelEvent(
        at, target.mapToGlobal(at), QPoint(), QPoint(0, by), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(target, event)


def test_enter_asks_and_a_scan_leaves_the_question_unanswered(counter: Counter) -> None:
    open_labels(counter)
    made = new_numbers(counter, 2)
    counter.press(Qt.Key.Key_Return, "\r")
    assert counter.window.asking()
    counter.scan(item_number(5))
    assert not counter.window.asking()
    assert listed(counter) == [*made, item_number(5)]
    # a command code answers it, as every question; that which takes all out has none
    page(counter).table.select(made[0])
    counter.press(Qt.Key.Key_Return, "\r")
    counter.pass_guard()
    command(counter, Command.YES)
    assert listed(counter) == [made[1], item_number(5)]
    # Enter behind a number that is typed is the number's
    counter.type(item_number(6))
    assert not counter.window.asking()
    assert listed(counter)[-1] == item_number(6)


def test_a_number_of_another_numbering_is_named_and_the_others_are_printed(
    counter: Counter, printer: LabelPrinter
) -> None:
    open_labels(counter)
    counter.scan(item_number(5))
    # from before the library's numbering was changed, kept while its clerk was away
    page(counter).resume(KeptLabels([KeptLabel("777", State.NEW.value)]))
    counter.settled()
    open_printing(counter)
    counter.f(10)
    counter.until(lambda: form(counter).view().message == words.not_our_number("777"))
    counter.press(Qt.Key.Key_Escape)
    page(counter).table.select("777")
    counter.press(Qt.Key.Key_Delete)
    open_printing(counter)
    counter.f(10)
    counter.until(lambda: len(printer.jobs) == 1 and not form_is_open(counter))
    assert printer.read() == [item_number(5)]


def test_a_fault_of_the_picture_frees_no_printer(
    qtbot: QtBot, counter: Counter, printer: LabelPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_labels(counter)
    counter.scan(item_number(5))
    counter.settled()
    shown = page(counter)
    counter.until(lambda: shown.beside.image() is not None)
    open_printing(counter)
    printer.goes_on.clear()
    counter.f(10)
    counter.until(lambda: form(counter).view().busy)

    def fails(*_: object) -> QImage:
        raise ZeroDivisionError("on purpose")

    with qtbot.captureExceptions() as raised, monkeypatch.context() as patched:
        patched.setattr("madoguchi.widgets.label_printing.picture", fails)
        shown.beside.resized.emit()
        counter.until(lambda: bool(raised))
    assert shown.printing.busy
    shown.beside.set_image(None)
    shown.beside.resized.emit()
    counter.until(lambda: shown.beside.image() is not None)
    printer.goes_on.set()
    counter.until(lambda: len(printer.jobs) == 1 and not form_is_open(counter))
    # the printing's own fault is said where it was sent, and it can be sent again
    open_printing(counter)
    with qtbot.captureExceptions() as raised, monkeypatch.context() as patched:
        patched.setattr("madoguchi.widgets.label_printing.check_rooms", fails)
        counter.f(10)
        counter.until(lambda: form(counter).view().message == words.print_fault())
    assert [kind for kind, *_ in raised] == [ZeroDivisionError]
    counter.f(10)
    counter.until(lambda: len(printer.jobs) == 2 and not form_is_open(counter))


def test_other_codes_mean_here_what_they_mean_elsewhere(counter: Counter, library: CounterLibrary) -> None:
    open_labels(counter)
    counter.scan("9784101010014")
    assert counter.strip().tone is Tone.NOTICE
    assert listed(counter) == []
    counter.type(item_number(5))
    assert listed(counter) == [item_number(5)]
    card = library.patron()
    counter.scan(card)
    counter.until(lambda: card in counter.left_text())
