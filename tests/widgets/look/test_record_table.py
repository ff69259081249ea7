"""The table of records: by keyboard and mouse, what it keeps, what it says, and that it is all plain text."""

from __future__ import annotations

import html
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QHelpEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem, QWidget
from pytestqt.qtbot import QtBot

from madoguchi.widgets.look.canvas import Shape
from madoguchi.widgets.look.record_cells import CellDelegate, shares
from madoguchi.widgets.look.record_table import RecordTable
from madoguchi.widgets.look.record_views import Mark, Record, TableView
from madoguchi.widgets.look.theme import MINIMUM_TEXT_PX, Look
from madoguchi.widgets.look.tokens import Contrast

from .panel_checks import LongWords, check_colours, long_words, spoken
from .record_scenes import ACCOUNTS, NOBODY, accounts
from .stage import theme

SIZES = ((1024, 700), (1366, 768), (1920, 1080))
PERCENTS = (100, 150, 200)
KEYS = [record.key for record in ACCOUNTS.records]
HOSTILE = "\u202egnp.\u200f<img src=x onerror=1><b>bold</b>&amp;\n\r\t\0\x1b[2J" + "長" * 10_000


class Window(QWidget):
    """Notes the keys that the table leaves to the window."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: list[int] = []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.keys.append(event.key())


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    widget = Window()
    qtbot.addWidget(widget)
    widget.resize(1100, 500)
    yield widget
    widget.close()


@pytest.fixture
def table(qtbot: QtBot, look: Look, window: Window) -> RecordTable:
    part = RecordTable(look, window)
    part.setGeometry(0, 0, 1100, 500)
    part.set_view(ACCOUNTS)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    part.setFocus()
    return part


def _press(table: RecordTable, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(table.records_view(), key)


def _type(table: RecordTable, letters: str) -> None:
    QTest.keyClicks(table.records_view(), letters)


def _many(count: int, start: int = 0) -> TableView:
    def cells(n: int) -> tuple[str, ...]:
        return f"s{n:04}", f"見本 {n}", "窓口", "北図書館", f"11/21 9:{n % 60:02}", "使用中"

    records = tuple(Record(f"k{n}", cells(n), Mark.GOOD) for n in range(start, start + count))
    return replace(ACCOUNTS, records=records)


# By keyboard ----------------------------------------------------------------------------------------


def test_the_focus_goes_to_the_table_and_the_first_record_is_selected(table: RecordTable) -> None:
    assert QApplication.focusWidget() is table.records_view()
    assert table.selected() == KEYS[0]
    rows = table.records_view().selectionModel().selectedIndexes()
    assert [(index.row(), index.column()) for index in rows] == [(0, at) for at in range(6)]


def test_arrows_pages_and_ends(table: RecordTable) -> None:
    seen = []
    table.selection_changed.connect(seen.append)
    _press(table, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up)
    assert seen == [KEYS[1], KEYS[2], KEYS[1]]
    _press(table, Qt.Key.Key_Right, Qt.Key.Key_Right)
    assert table.selected() == KEYS[1]
    assert len(table.records_view().selectionModel().selectedIndexes()) == 6
    _press(table, Qt.Key.Key_End)
    assert table.selected() == KEYS[-1]
    _press(table, Qt.Key.Key_Down)
    assert table.selected() == KEYS[-1]
    _press(table, Qt.Key.Key_Home)
    assert table.selected() == KEYS[0]
    _press(table, Qt.Key.Key_PageDown)
    assert KEYS.index(table.selected() or "") > 3
    _press(table, Qt.Key.Key_PageUp)
    assert table.selected() == KEYS[0]


def test_enter_and_a_double_click_choose(qtbot: QtBot, table: RecordTable) -> None:
    chosen: list[str] = []
    table.chosen.connect(chosen.append)
    _press(table, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)
    assert chosen == [KEYS[1], KEYS[1]]
    held = QKeyEvent(
        QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", autorep=True
    )
    QApplication.sendEvent(table.records_view(), held)
    assert len(chosen) == 2
    view = table.records_view()
    place = view.visualRect(view.model().index(3, 2)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert table.selected() == KEYS[3]
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen[2:] == [KEYS[3]]
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.RightButton, pos=place)
    assert len(chosen) == 3


def test_one_record_stays_selected_whatever_is_clicked(window: Window, table: RecordTable) -> None:
    table.set_view(replace(ACCOUNTS, records=ACCOUNTS.records[:2]))
    view = table.records_view()
    below = QPoint(200, view.viewport().height() - 5)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=below)
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=below)
    row = view.visualRect(view.model().index(0, 0)).center()
    control = Qt.KeyboardModifier.ControlModifier
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, control, row)
    assert table.selected() == KEYS[0]
    assert len(view.selectionModel().selectedIndexes()) == 6


def test_letters_jump_to_a_record(table: RecordTable, monkeypatch: pytest.MonkeyPatch) -> None:
    _type(table, "s0105")
    assert table.selected() == "s0105"
    QTest.qWait(QApplication.keyboardInputInterval() + 50)
    # a cell of another column, full width and half width alike
    table.records_view().keyboardSearch("架空")
    assert table.selected() == "s0104"
    QTest.qWait(QApplication.keyboardInputInterval() + 50)
    table.records_view().keyboardSearch("Ｓ０１１０")
    assert table.selected() == "s0110"
    QTest.qWait(QApplication.keyboardInputInterval() + 50)
    _type(table, "ss")
    assert table.selected() == "s0112"


def test_keys_without_a_use_reach_the_window(window: Window, table: RecordTable) -> None:
    keys = [
        *(Qt.Key(Qt.Key.Key_F1.value + at) for at in range(12)),
        Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_8, Qt.Key.Key_Q,
    ]  # fmt: skip
    _press(table, *keys)
    assert window.keys == keys
    assert table.selected() == KEYS[0]
    window.keys.clear()
    # nothing of a record gets into the clipboard
    QTest.keyClick(table.records_view(), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert Qt.Key.Key_C in window.keys
    assert "s0101" not in QApplication.clipboard().text()
    table.set_view(NOBODY)
    window.keys.clear()
    _press(table, Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_S)
    assert window.keys == [Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_S]


def test_tab_leaves_the_table(window: Window, table: RecordTable) -> None:
    assert not table.records_view().tabKeyNavigation()


# What it keeps --------------------------------------------------------------------------------------


def test_the_selected_record_and_the_place_are_kept(table: RecordTable) -> None:
    seen: list[str] = []
    table.set_view(_many(100))
    table.select("k50")
    table.selection_changed.connect(seen.append)
    top = table.records_view().rowAt(0)
    assert 30 < top <= 50
    table.set_view(_many(110, start=5))
    assert table.selected() == "k50"
    assert table.records_view().rowAt(0) == top - 5
    changed = _many(110, start=5)
    changed = replace(changed, records=(replace(changed.records[0], cells=("x",) * 6), *changed.records[1:]))
    table.set_view(changed)
    assert table.selected() == "k50"
    assert table.records_view().rowAt(0) == top - 5
    assert table.view() == changed
    assert seen == []


def test_a_record_that_is_gone_gives_way_to_the_first(table: RecordTable) -> None:
    seen: list[str] = []
    table.select(KEYS[5])
    table.selection_changed.connect(seen.append)
    table.set_view(replace(ACCOUNTS, records=ACCOUNTS.records[:4]))
    assert table.selected() == KEYS[0]
    table.set_view(NOBODY)
    assert table.selected() is None
    table.set_view(ACCOUNTS)
    assert seen == [KEYS[0], "", KEYS[0]]
    assert table.records_view().rowAt(0) == 0


def test_what_cannot_be_is_refused_and_changes_nothing(table: RecordTable) -> None:
    twice = replace(ACCOUNTS, records=(ACCOUNTS.records[0], ACCOUNTS.records[0]))
    short = replace(ACCOUNTS, records=(Record("x", ("one",)),))
    for view in (twice, short):
        with pytest.raises(ValueError, match="record"):
            table.set_view(view)
    with pytest.raises(KeyError):
        table.select("nobody")
    assert table.view() == ACCOUNTS
    assert table.selected() == KEYS[0]


def test_a_thousand_records_are_there_at_once(table: RecordTable) -> None:
    views = [_many(1000, start) for start in range(5)]
    took = []
    for view in views:
        began = time.perf_counter()
        table.set_view(view)
        took.append(time.perf_counter() - began)
    # the best of five: another process may have had the machine
    assert min(took) < 0.05


# What it says ---------------------------------------------------------------------------------------


def test_a_screen_reader_finds_a_table_with_cells_that_speak(table: RecordTable) -> None:
    view = table.records_view()
    assert spoken(view) == (QAccessible.Role.Table, ACCOUNTS.heading, ACCOUNTS.note)
    assert spoken(table.head())[1] == f"{ACCOUNTS.heading} 12件 {ACCOUNTS.note}"
    model = view.model()
    texts = [model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(model.rowCount())]
    assert texts[0] == "正常 s0101"
    assert texts[2] == "注意 s0103"
    assert texts[4] == "異常 s0105"
    assert texts[6] == "停止 s0107"
    heard = model.index(0, 0).data(Qt.ItemDataRole.AccessibleDescriptionRole)
    assert heard == "氏名 試作 一郎 役割 窓口 館 総合市民図書館 前回 11/21 17:12 状態 使用中"
    interface = QAccessible.queryAccessibleInterface(view)
    cells = [interface.child(at) for at in range(interface.childCount())]
    names = {cell.text(QAccessible.Text.Name) for cell in cells if cell is not None}
    assert {"正常 s0101", "試作 一郎", "氏名"} <= names


def test_without_records_it_says_so(table: RecordTable) -> None:
    table.set_view(NOBODY)
    assert table.empty_line().isVisible()
    assert table.empty_line().lines() == (NOBODY.empty,)
    assert spoken(table.records_view())[2] == NOBODY.empty
    ring = table.records_view().focus_ring_rect()
    assert ring is not None
    table.set_view(ACCOUNTS)
    assert not table.empty_line().isVisible()


def test_a_mark_is_a_shape_and_a_quiet_record_has_the_quiet_ink(table: RecordTable) -> None:
    signs = [mark.colour for mark in table.records_view().notes().marks if mark.shape is Shape.SIGN]
    assert signs[:7] == ["done", "done", "notice", "done", "refused", "done", "ink2"]
    row = table.records_view().visualRect(table.records_view().model().index(6, 1))
    top = table.records_view().viewport().y()
    inks = {
        mark.colour
        for mark in table.records_view().notes().marks
        if mark.shape is Shape.TEXT and row.translated(0, top).top() <= mark.rect.top() < row.bottom() + top
    }
    assert inks == {"ink2"}


def test_the_count_is_said_in_words_where_it_is_not_that_of_the_records(
    table: RecordTable, look: Look
) -> None:
    head = table.head()
    for count, said in (("", "12件"), ("50件以上", "50件以上"), ("", "12件")):
        table.set_view(replace(ACCOUNTS, count=count))
        assert said in [piece.text for piece in head.trace()]
        assert spoken(head)[1] == f"{ACCOUNTS.heading} {said} {ACCOUNTS.note}"
    # the heading gives way to it
    table.set_view(replace(ACCOUNTS, heading="長い見出し" * 30, count="50件以上"))
    for scale in (1.0, 2.0):
        table.set_look(replace(look, theme=replace(look.theme, text_scale=scale)))
        heading, count = head.trace()[0].rect, next(p for p in head.trace() if p.text == "50件以上")
        assert heading.right() < count.rect.left()
        assert count.width <= count.rect.width() + 1


def test_hostile_text_is_plain_text_cut_at_its_end(table: RecordTable) -> None:
    record = Record("bad", (HOSTILE, *("<b>x</b>",) * 5))
    table.set_view(replace(ACCOUNTS, heading="<h1>題</h1>", records=(record,)))
    pieces = [piece.text for piece in table.records_view().trace()]
    assert any(text.startswith("gnp.<img") and text.endswith("…") for text in pieces)
    assert "<b>x</b>" in pieces
    index = table.records_view().model().index(0, 0)
    heard = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert heard.startswith("gnp.<img src=x onerror=1><b>bold</b>&amp;   [2J長")
    assert heard.endswith("長" * 10_000)
    assert not set(heard) & set("\u202e\u200f\n\r\t\0\x1b")
    tip = index.data(Qt.ItemDataRole.ToolTipRole)
    assert tip.startswith("<qt>" + html.escape("gnp.<img src=x onerror=1><b>bold</b>&amp;"))
    assert len(tip) < 1200
    assert table.head().textFormat() is Qt.TextFormat.PlainText


def test_a_tool_tip_comes_only_where_a_text_is_cut(table: RecordTable) -> None:
    long = Record("long", ("長い番号" * 20, *("短い",) * 5))
    table.set_view(replace(ACCOUNTS, records=(long,)))
    view = table.records_view()
    delegate = view.itemDelegate()
    assert isinstance(delegate, CellDelegate)
    whole = view.model().index(0, 1)
    assert [delegate.is_cut(view.model().index(0, 0)), delegate.is_cut(whole)] == [True, False]
    place = view.visualRect(whole).center()
    event = QHelpEvent(QEvent.Type.ToolTip, place, view.viewport().mapToGlobal(place))
    option = QStyleOptionViewItem()
    option.rect = view.visualRect(whole)
    assert not delegate.helpEvent(event, view, option, whole)


# How it looks ---------------------------------------------------------------------------------------


def test_the_width_is_shared_by_weight_and_no_title_is_narrower_than_itself() -> None:
    assert shares([10, 10, 10], [1, 2, 1], 400) == [100, 200, 100]
    assert (
        shares([150, 10, 10], [1, 2, 1], 400) == [150, 167, 83]
        or sum(shares([150, 10, 10], [1, 2, 1], 400)) == 400
    )
    assert shares([150, 10, 10], [1, 2, 1], 400) == [150, 166, 84]
    assert sum(shares([90, 90, 90], [1, 1, 7], 271)) == 271
    assert min(shares([90, 90, 90], [1, 1, 7], 271)) >= 90
    assert sum(shares([200, 200], [1, 1], 300)) == 300
    assert shares([], [], 300) == []


def test_spare_columns_go_before_the_first_has_too_little_room(table: RecordTable) -> None:
    first, *others = ACCOUNTS.columns
    spare = [replace(column, spare=column.key in ("branch", "last")) for column in others]
    columns = (replace(first, weight=5), *spare)
    table.set_view(replace(ACCOUNTS, columns=columns))
    view = table.records_view()
    for width, hidden in ((1100, []), (620, [3, 4]), (1100, [])):
        table.resize(width, 500)
        assert [at for at in range(6) if view.isColumnHidden(at)] == hidden
        assert sum(view.columnWidth(at) for at in range(6)) == view.viewport().width()
        titles = [piece.text for piece in view.trace()]
        assert ("前回" in titles) is (4 not in hidden)
    heard = view.model().index(0, 0).data(Qt.ItemDataRole.AccessibleDescriptionRole)
    assert "前回 11/21 17:12" in heard
    # arrows go past what is not there
    table.resize(620, 500)
    _press(table, *(Qt.Key.Key_Right,) * 3)
    assert view.currentIndex().column() == 5


@pytest.fixture(params=["Japanese", "long words"])
def word(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Callable[[str], str]]:
    if request.param == "Japanese":
        yield str
        return
    translator = LongWords()
    assert qapp.installTranslator(translator)
    yield long_words
    qapp.removeTranslator(translator)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("percent", PERCENTS)
@pytest.mark.parametrize("contrast", Contrast, ids=lambda contrast: contrast.value)
def test_at_every_size_rows_can_be_pressed_and_titles_are_whole(
    qtbot: QtBot, word: Callable[[str], str], size: tuple[int, int], percent: int, contrast: Contrast
) -> None:
    columns = tuple(
        replace(column, title=word(column.title)) if percent == 100 else column for column in ACCOUNTS.columns
    )
    view = replace(ACCOUNTS, heading=word(ACCOUNTS.heading), note=word(ACCOUNTS.note), columns=columns)
    scene = accounts(theme(contrast, percent / 100), size, view)
    qtbot.addWidget(scene.frame)
    with qtbot.waitExposed(scene.frame):
        scene.frame.show()
    table = scene.part
    assert isinstance(table, RecordTable)
    rows = table.records_view()
    assert rows.rowHeight(0) >= 44
    assert rows.viewport().height() >= 2 * rows.rowHeight(0)
    assert sum(rows.columnWidth(at) for at in range(6)) == rows.viewport().width()
    assert table.rect().contains(rows.geometry())
    assert table.head().geometry().bottom() < rows.geometry().top()
    pieces = rows.trace()
    titles = [piece for piece in pieces if piece.rect.bottom() < rows.viewport().y()]
    assert [piece.text for piece in titles] == [column.title for column in columns]
    assert len({piece.px for piece in titles}) == 1
    for piece in (*pieces, *table.head().trace()):
        assert piece.width <= piece.rect.width() + 1.5, piece
        assert piece.height <= piece.rect.height() + 1.5, piece
        assert piece.px >= MINIMUM_TEXT_PX, piece
    for at, piece in enumerate(pieces):
        assert not any(piece.rect.intersects(other.rect) for other in pieces[at + 1 :]), piece
    assert not any(piece.text.endswith("…") for piece in table.head().trace())
    assert check_colours(table) > 0
    figures = [p for p in pieces if p.text.startswith("11/")]
    assert figures
    assert not any(piece.text.endswith("…") for piece in figures)


def test_figures_end_under_each_other(table: RecordTable) -> None:
    figures = [piece for piece in table.records_view().trace() if piece.text.startswith(("11/", "10/"))]
    assert len(figures) > 5
    assert len({piece.rect.right() for piece in figures}) == 1
    assert len({piece.width for piece in figures if len(piece.text) == 11}) == 1


def test_another_text_size_and_back(table: RecordTable, look: Look) -> None:
    before = [piece.px for piece in table.records_view().trace()]
    table.set_look(replace(look, theme=replace(look.theme, text_scale=2.0)))
    assert max(piece.px for piece in table.records_view().trace()) == 36
    table.set_look(look)
    assert [piece.px for piece in table.records_view().trace()] == before


def test_the_focus_ring_is_in_the_selected_row(qtbot: QtBot) -> None:
    scene = accounts(theme(), (1366, 768), _many(200))
    frame, table = scene.frame, scene.part
    assert isinstance(table, RecordTable)
    qtbot.addWidget(frame)
    frame.show()
    frame.activateWindow()
    qtbot.waitUntil(frame.isActiveWindow)
    table.setFocus()
    view = table.records_view()

    def row() -> QRect:
        place = view.visualRect(view.currentIndex())
        return QRect(view.viewport().mapTo(frame, place.topLeft()), place.size())

    assert frame.ring().isVisible()
    assert frame.ring().target() is view
    for key in (Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_End, Qt.Key.Key_Up):
        QTest.keyClick(view, key)
        ring = frame.ring().geometry()
        assert row().top() <= ring.top() < ring.bottom() <= row().bottom() + 1
        assert not frame.strip.geometry().intersects(ring)
    # out of sight there is nothing to ring
    view.verticalScrollBar().setValue(0)
    assert not frame.ring().isVisible()
    table.select("k5")
    assert frame.ring().isVisible()
