"""The scan list: order, pinned rows, looking back, actions, and the price of a long day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.widgets.look.canvas import Canvas, Ink
from madoguchi.widgets.look.list_header import OutOfSight
from madoguchi.widgets.look.row_view import RowDelegate
from madoguchi.widgets.look.runs import split_runs
from madoguchi.widgets.look.scan_list import ScanList
from madoguchi.widgets.look.scan_row import Columns, ScanRow, action_rect, row_height
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import ListHeader, RowView, Sign
from madoguchi.widgets.look.window import Window, newest_window

ROOM_FOR = 5


def done(key: int, title: str = "見本") -> RowView:
    return RowView(key, key, Sign.DONE, title, f"10{key:08d}  例示 太郎", "貸出", "", "12/5(土)")


def refused(key: int) -> RowView:
    return RowView(
        key, key, Sign.REFUSED, "予約の本", "1012399016", "予約者あり", "未貸出", "", "", "F10 対応"
    )


@pytest.fixture
def scans(qtbot: QtBot, look: Look) -> ScanList:
    widget = ScanList(look)
    qtbot.addWidget(widget)
    widget.set_header(ListHeader("今回の貸出", 0, "点"))
    widget.resize(894, widget.header_bar().wanted_height() + ROOM_FOR * row_height(look.theme))
    widget.show()
    return widget


def test_the_newest_stands_at_the_bottom(scans: ScanList) -> None:
    for key in range(1, 4):
        scans.upsert(done(key))
    assert scans.keys_in_sight() == (1, 2, 3)


def test_a_row_changes_where_it_stands(scans: ScanList) -> None:
    scans.set_rows([done(1), replace(done(2), sign=Sign.PENDING), done(3)])
    scans.upsert(done(2, "銀河鉄道の夜"))
    assert scans.keys_in_sight() == (1, 2, 3)
    row = scans.row(2)
    assert row is not None
    assert row.title == "銀河鉄道の夜"


def test_on_overflow_the_oldest_leave_and_the_header_says_how_many(scans: ScanList) -> None:
    scans.set_rows(done(key) for key in range(1, 10))
    assert scans.keys_in_sight() == (5, 6, 7, 8, 9)
    assert "前に4行" in [piece.text for piece in _earlier(scans).trace()]


def _earlier(scans: ScanList) -> OutOfSight:
    return scans.header_bar().earlier_button()


@pytest.mark.parametrize("sign", [Sign.REFUSED, Sign.OUTAGE])
def test_an_unanswered_row_stays_until_it_is_answered(scans: ScanList, sign: Sign) -> None:
    waiting = replace(refused(2), sign=sign)
    scans.set_rows([done(1), waiting])
    for key in range(3, 12):
        scans.upsert(done(key))
    assert scans.keys_in_sight() == (2, 8, 9, 10, 11)
    scans.upsert(replace(waiting, answered=True))
    assert scans.keys_in_sight() == (7, 8, 9, 10, 11)


def test_removing_keeps_the_rest(scans: ScanList) -> None:
    scans.set_rows([done(1), refused(2), done(3)])
    scans.remove(1)
    assert scans.keys_in_sight() == (2, 3)
    with pytest.raises(KeyError):
        scans.remove(1)
    scans.clear()
    assert scans.keys_in_sight() == ()


@given(st.lists(st.tuples(st.sampled_from(["put", "wait", "take", "back", "newest"]), st.integers(0, 14))))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_taken_out_the_list_is_as_if_shown_anew(
    scans: ScanList, fresh: ScanList, steps: list[tuple[str, int]]
) -> None:
    """Rows are put, changed and taken out in any order: what stands there depends on the rows alone."""
    expected: dict[int, RowView] = {}
    scans.clear()
    for step, key in steps:
        if step in ("put", "wait"):
            expected[key] = refused(key) if step == "wait" else done(key)
            scans.upsert(expected[key])
        elif step == "take" and key in expected:
            del expected[key]
            scans.remove(key)
        elif step in ("back", "newest"):
            QTest.keyClick(scans.rows_view(), Qt.Key.Key_Home if step == "back" else Qt.Key.Key_End)
        assert scans.rows() == tuple(expected.values())
        assert all(scans.row(at) == row for at, row in expected.items())
        assert set(scans.keys_in_sight()) <= set(expected)
    QTest.keyClick(scans.rows_view(), Qt.Key.Key_End)
    fresh.set_rows(expected.values())
    assert scans.keys_in_sight() == fresh.keys_in_sight()


def test_taking_out_an_old_row_moves_nothing_for_who_looks_back(scans: ScanList) -> None:
    scans.set_rows([done(key) for key in range(1, 31)])
    QTest.keyClick(scans.rows_view(), Qt.Key.Key_PageUp)
    before = scans.keys_in_sight()
    scans.remove(1)
    assert scans.keys_in_sight() == before


def test_the_price_of_a_scan_does_not_grow_with_the_rows_that_wait(
    scans: ScanList, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 5,000 refusals nobody has answered, only so many are looked at as could be in sight."""
    scans.set_rows([refused(key) for key in range(5000)])
    looked_at: list[int] = []

    def counted(count: int, pinned: Sequence[int], capacity: int) -> Window:
        looked_at.append(len(pinned))
        return newest_window(count, pinned, capacity)

    monkeypatch.setattr("madoguchi.widgets.look.scan_list.newest_window", counted)
    scans.upsert(done(6000))
    assert looked_at
    assert max(looked_at) <= 2 * ROOM_FOR
    assert scans.keys_in_sight()[-1] == 6000
    assert len(scans.keys_in_sight()) == ROOM_FOR


def test_a_latin_weekday_is_set_in_the_text_face_and_the_figures_stand_in_line(scans: ScanList) -> None:
    days = ("12/5(Sat)", "12/9(Wed)", "12/11(Fri)")
    scans.set_rows([replace(done(key), right=day) for key, day in enumerate(days)])
    pieces = {piece.text: piece.rect for piece in scans.rows_view().trace()}
    figures = [pieces[day.partition("(")[0]] for day in days]
    assert len({rect.right() for rect in figures}) == 1
    assert Ink("date").faces(scans.look.theme)[0].font.family() == scans.look.theme.faces.text[0]
    assert split_runs("12/5(Sat)") == [("12/5", True), ("(Sat)", False)]


@pytest.fixture
def fresh(qtbot: QtBot, look: Look, scans: ScanList) -> ScanList:
    """A second list of the same size."""
    widget = ScanList(look)
    qtbot.addWidget(widget)
    widget.set_header(ListHeader("今回の貸出", 0, "点"))
    widget.resize(scans.size())
    return widget


def test_two_rows_with_one_key_are_refused(scans: ScanList) -> None:
    with pytest.raises(ValueError, match="same key"):
        scans.set_rows([done(1), done(1)])


def test_looking_back_by_keyboard_and_a_scan_comes_back_to_the_newest(scans: ScanList) -> None:
    scans.set_rows(done(key) for key in range(1, 21))
    view = scans.rows_view()
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert scans.keys_in_sight() == (1, 2, 3, 4, 5)
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert scans.keys_in_sight() == (5, 6, 7, 8, 9)
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    assert scans.keys_in_sight() == (1, 2, 3, 4, 5)
    scans.upsert(done(21))
    assert scans.keys_in_sight() == (17, 18, 19, 20, 21)
    QTest.keyClick(view, Qt.Key.Key_Home)
    QTest.keyClick(view, Qt.Key.Key_End)
    assert scans.keys_in_sight() == (17, 18, 19, 20, 21)


def test_the_wheel_and_the_header_look_back(scans: ScanList) -> None:
    scans.set_rows(done(key) for key in range(1, 21))
    middle = QPointF(100, 100)
    wheel = QWheelEvent(
        middle,
        middle,
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(scans.rows_view().viewport(), wheel)
    assert scans.keys_in_sight() == (15, 16, 17, 18, 19)
    _earlier(scans).click()
    assert scans.keys_in_sight() == (11, 12, 13, 14, 15)


def test_an_answer_to_an_old_row_does_not_end_the_looking_back(scans: ScanList) -> None:
    scans.set_rows(done(key) for key in range(1, 21))
    QTest.keyClick(scans.rows_view(), Qt.Key.Key_Home)
    scans.upsert(done(20, "書名"))
    assert scans.keys_in_sight() == (1, 2, 3, 4, 5)


def test_a_click_on_the_action_asks_for_it_and_elsewhere_does_not(
    qtbot: QtBot, look: Look, scans: ScanList
) -> None:
    scans.set_rows([done(1), refused(2)])
    view = scans.rows_view()
    rect = view.visualRect(view.model().index(1, 0))
    box = action_rect(look.theme, rect, refused(2), view.columns())
    with qtbot.waitSignal(scans.action_requested) as asked:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert asked.args == [2]
    with qtbot.assertNotEmitted(scans.action_requested):
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
        QTest.mouseClick(view.viewport(), Qt.MouseButton.RightButton, pos=box.center())


def test_what_a_scanner_types_does_nothing_and_space_acts(qtbot: QtBot, scans: ScanList) -> None:
    scans.set_rows([done(1), refused(2)])
    view = scans.rows_view()
    view.setFocus()
    with qtbot.assertNotEmitted(scans.action_requested):
        QTest.keyClicks(view, "a1012399016b")
        QTest.keyClick(view, Qt.Key.Key_Return)
        QTest.keyClick(view, Qt.Key.Key_Space)
    assert view.current_key() is None
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert view.current_key() == 2
    with qtbot.assertNotEmitted(scans.action_requested):
        QTest.keyClick(view, Qt.Key.Key_Return)
    with qtbot.waitSignal(scans.action_requested) as asked:
        QTest.keyClick(view, Qt.Key.Key_Space)
    assert asked.args == [2]


def test_the_focus_stays_on_its_scan_when_rows_move(scans: ScanList) -> None:
    scans.set_rows(done(key) for key in range(1, 6))
    view = scans.rows_view()
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Up)
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert view.current_key() == 4
    scans.upsert(done(6))
    assert view.current_key() == 4


def test_a_day_of_5000_rows_paints_only_those_in_sight(
    qtbot: QtBot, scans: ScanList, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[int] = []
    paint = ScanRow.paint

    def counted(self: ScanRow, canvas: Canvas, rect: object, row: RowView, columns: object) -> None:
        painted.append(row.key)
        paint(self, canvas, rect, row, columns)  # type: ignore[arg-type]

    monkeypatch.setattr(ScanRow, "paint", counted)
    scans.set_rows(done(key) for key in range(1, 5001))
    assert scans.rows_view().model().rowCount() == ROOM_FOR
    scans.rows_view().grab()
    assert set(painted) == {4996, 4997, 4998, 4999, 5000}
    painted.clear()
    scans.upsert(done(5000, "書名"))
    scans.rows_view().grab()
    assert len(painted) <= 2 * ROOM_FOR
    assert isinstance(scans.rows_view().itemDelegate(), RowDelegate)


def test_an_answer_paints_its_own_row_alone(
    qtbot: QtBot, scans: ScanList, monkeypatch: pytest.MonkeyPatch
) -> None:
    scans.set_rows([replace(done(key), sign=Sign.PENDING) for key in range(1, 21)])
    painted: list[int] = []
    paint = ScanRow.paint

    def noted(self: ScanRow, canvas: Canvas, rect: QRect, row: RowView, columns: Columns) -> None:
        painted.append(row.key)
        paint(self, canvas, rect, row, columns)

    monkeypatch.setattr(ScanRow, "paint", noted)
    scans.rows_view().viewport().update()
    qtbot.waitUntil(lambda: set(painted) == set(scans.keys_in_sight()))
    qtbot.wait(50)  # whatever else was to be painted after the rows had been put there
    painted.clear()
    scans.upsert(done(19))
    qtbot.waitUntil(lambda: bool(painted))
    qtbot.wait(50)
    assert set(painted) == {19}


def test_four_digits_keep_their_room(scans: ScanList) -> None:
    scans.set_rows([done(9)])
    two = scans.rows_view().columns().title
    scans.set_rows([done(5000)])
    assert scans.rows_view().columns().title > two
    for piece in scans.rows_view().trace():
        assert piece.width <= piece.rect.width() + 1


def test_a_screen_reader_finds_a_list_whose_rows_speak(scans: ScanList) -> None:
    scans.set_rows([done(1), refused(2)])
    interface = QAccessible.queryAccessibleInterface(scans.rows_view())
    assert interface.role() is QAccessible.Role.List
    assert interface.text(QAccessible.Text.Name) == "今回の貸出"
    spoken = [interface.child(at).text(QAccessible.Text.Name) for at in range(interface.childCount())]
    assert spoken[1].startswith("2 予約者あり 未貸出 F10 対応 予約の本")


def test_a_title_full_of_tricks_is_one_plain_line(scans: ScanList) -> None:
    nasty = "<b>太字</b>\u202eabc\x07" + "長" * 600
    scans.set_rows([done(1, nasty)])
    titles = [piece.text for piece in scans.rows_view().trace() if piece.text.startswith("<b>")]
    assert len(titles) == 1
    assert titles[0].endswith("…")
    assert "\u202e" not in titles[0]
    assert "\x07" not in titles[0]
