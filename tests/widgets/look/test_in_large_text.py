"""What people missed in the window, most of it in large text: keys, signs and words that had given way."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from madoguchi.widgets.look.canvas import Shape
from madoguchi.widgets.look.corner_keys import PREFERENCES_KEY, CornerKeys
from madoguchi.widgets.look.hint_line import HintLine
from madoguchi.widgets.look.mode_banner import ModeBanner
from madoguchi.widgets.look.outcome_strip import OutcomeStrip
from madoguchi.widgets.look.preferences_card import PreferencesCard
from madoguchi.widgets.look.question_card import QuestionCard
from madoguchi.widgets.look.scan_list import ScanList
from madoguchi.widgets.look.scan_row import row_height, spoken_row
from madoguchi.widgets.look.sign_in_panel import SignInPanel
from madoguchi.widgets.look.task_rail import TaskRail
from madoguchi.widgets.look.theme import MINIMUM_TEXT_PX, Layout, Look
from madoguchi.widgets.look.views import (
    AnswerView,
    QuestionView,
    RailItem,
    RailView,
    RowView,
    Sign,
    SignInView,
    StripView,
    Tone,
)

from .samples import TASKS
from .stage import theme

OUTAGE = RowView(
    1,
    1,
    Sign.OUTAGE,
    "1000000016",
    "回線が戻ると自動でやり直します",
    "未貸出",
    "資料は渡さないでください",
    "",
    "",
    "F10 対応",
)
NO_ITEM = RowView(
    1,
    1,
    Sign.REFUSED,
    "9784048930659",
    "",
    "ISBNです",
    "図書館の資料番号のバーコードを読み取ってください",
    "",
    answered=True,
)


def look_of(scale: float, layout: Layout) -> Look:
    return Look(theme(scale=scale), layout)


def listed(qtbot: QtBot, look: Look, size: tuple[int, int], *rows: RowView) -> ScanList:
    scans = ScanList(look)
    qtbot.addWidget(scans)
    scans.resize(*size)
    scans.set_next("次の資料")
    scans.set_rows(rows)
    scans.show()
    return scans


# Rows ---------------------------------------------------------------------------------------------


def test_an_outage_row_names_its_key_and_what_to_do_in_every_layout(qtbot: QtBot) -> None:
    for scale, layout in ((1.0, Layout.WIDE), (1.5, Layout.COMPACT), (2.0, Layout.NARROW)):
        view = listed(qtbot, look_of(scale, layout), (1118, 560), OUTAGE).rows_view()
        said = " ".join(piece.text for piece in view.trace())
        assert "F10" in said, layout
        assert "対応" in said, layout
        assert "資料は渡さないでください" in said, layout


def test_an_outage_row_without_an_action_is_dark_to_its_end(qtbot: QtBot) -> None:
    scans = listed(qtbot, look_of(1.0, Layout.WIDE), (894, 500), replace(OUTAGE, action=""))
    view = scans.rows_view()
    row = view.visualRect(view.model().index(0, 0))
    dark = [m.rect for m in view.notes().marks if m.shape is Shape.GROUND and m.colour == "system"]
    assert max(rect.right() for rect in dark) == row.right()


def test_what_a_row_says_may_use_the_room_of_its_date(qtbot: QtBot) -> None:
    scans = listed(qtbot, look_of(1.0, Layout.WIDE), (894, 500), NO_ITEM)
    look = scans.look
    pieces = {piece.text: piece for piece in scans.rows_view().trace()}
    assert pieces[NO_ITEM.detail].px == look.theme.type_px("label")
    assert pieces[NO_ITEM.detail].rect.right() > scans.rows_view().columns().right


def test_a_title_alone_stands_in_the_middle_of_its_row(qtbot: QtBot) -> None:
    view = listed(qtbot, look_of(1.0, Layout.WIDE), (894, 500), NO_ITEM).rows_view()
    title = next(piece for piece in view.trace() if piece.text == NO_ITEM.title)
    assert title.rect.center().y() == view.visualRect(view.model().index(0, 0)).center().y()


def test_a_row_without_a_number_shows_and_says_none(qtbot: QtBot) -> None:
    row = replace(NO_ITEM, number=0)
    view = listed(qtbot, look_of(1.0, Layout.WIDE), (894, 500), row).rows_view()
    assert "0" not in [piece.text for piece in view.trace()]
    assert spoken_row(row).startswith("ISBN")


# The place for the next scan ------------------------------------------------------------------------


@pytest.mark.parametrize("rows", range(2, 6))
def test_the_next_line_keeps_its_place_beside_a_row_or_more(qtbot: QtBot, rows: int) -> None:
    look = look_of(2.0, Layout.NARROW)
    scans = listed(qtbot, look, (1118, 100))
    scans.resize(1118, scans.header_bar().wanted_height() + rows * row_height(look.theme))
    scans.set_rows([replace(OUTAGE, key=key, number=key) for key in range(1, 9)])
    line = scans.next_line()
    assert line.isVisible()
    assert scans.rect().contains(line.geometry())
    assert line.height() >= look.theme.tokens.size_px["targetMin"]
    assert len(scans.keys_in_sight()) == rows - 1


def test_the_only_row_keeps_its_place_until_something_is_typed(qtbot: QtBot) -> None:
    look = look_of(2.0, Layout.NARROW)
    scans = listed(qtbot, look, (1118, row_height(look.theme)), OUTAGE)
    assert scans.rows_view().height() > 0
    assert not scans.next_line().isVisible()
    scans.set_next("手入力 2000", typing=True)
    assert scans.next_line().isVisible()
    assert scans.rect().contains(scans.next_line().geometry())
    assert scans.rows_view().height() == 0
    scans.set_next("次の資料")
    assert scans.rows_view().height() > 0


# Rail, corner, card --------------------------------------------------------------------------------


@pytest.mark.parametrize(("scale", "layout"), [(1.5, Layout.COMPACT), (2.0, Layout.NARROW)])
def test_a_long_answer_takes_two_lines_of_the_rail(qtbot: QtBot, scale: float, layout: Layout) -> None:
    rail = TaskRail(look_of(scale, layout))
    qtbot.addWidget(rail)
    answer = RailItem(11, "理由をつけて貸す", offered=True)
    rail.set_view(RailView(tuple(answer if item.key == 11 else item for item in TASKS), asking=True))
    rail.resize(rail.wanted_width(), 560)
    rail.show()
    pieces = [piece for piece in rail.key(11).trace() if piece.text != "F11"]
    assert "".join(piece.text for piece in pieces) == answer.word
    assert len(pieces) == 2
    assert min(piece.px for piece in pieces) > MINIMUM_TEXT_PX


def test_the_preferences_key_is_written_out_and_closes_the_card_by_name(qtbot: QtBot) -> None:
    for scale, words in ((1.0, {PREFERENCES_KEY, "設定"}), (2.0, {"Shift", "F12"})):
        corner = CornerKeys(look_of(scale, Layout.WIDE if scale == 1.0 else Layout.NARROW))
        qtbot.addWidget(corner)
        corner.resize(corner.sizeHint())
        assert {piece.text for piece in corner.preferences_key().trace()} == words
    card = PreferencesCard(look_of(1.0, Layout.WIDE))
    qtbot.addWidget(card)
    assert card.close_button().accessibleName().startswith(PREFERENCES_KEY)


class Window(QWidget):
    """Counts the Enters that climb up to it."""

    def __init__(self) -> None:
        super().__init__()
        self.enters = 0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call."""
        self.enters += event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def test_enter_on_a_button_is_left_to_the_window(qtbot: QtBot) -> None:
    window = Window()
    qtbot.addWidget(window)
    look = look_of(1.0, Layout.WIDE)
    corner, card = CornerKeys(look, window), QuestionCard(look, window)
    answered: list[object] = []
    card.answered.connect(lambda answer, _reason: answered.append(answer))
    window.resize(900, 500)
    card.resize(900, 300)
    window.show()
    card.open(QuestionView("どうしますか", "", AnswerView("貸さない")))
    focused = (corner.hide_key(), *card.findChildren(type(corner.hide_key())))
    for widget in focused:
        QTest.keyClick(widget, Qt.Key.Key_Return)
    assert window.enters == len(focused)
    assert answered == []


def test_a_click_on_corner_and_banner_leaves_the_focus_alone(qtbot: QtBot) -> None:
    look = look_of(1.0, Layout.WIDE)
    corner, banner = CornerKeys(look), ModeBanner(look)
    for part in (corner, banner):
        qtbot.addWidget(part)
    for button in (corner.hide_key(), corner.preferences_key(), banner.button()):
        assert button.focusPolicy() is Qt.FocusPolicy.TabFocus


# Sentences ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(1366, 720), (1024, 660)])
def test_the_sign_in_card_stands_still_when_a_message_comes(qtbot: QtBot, size: tuple[int, int]) -> None:
    panel = SignInPanel(look_of(1.0, Layout.WIDE))
    qtbot.addWidget(panel)
    panel.resize(*size)
    view = SignInView("サインイン", "1番窓口", last_sign_in="前回 11/20(金) 17:02")

    def places() -> tuple[QRect, ...]:
        parts = (panel.user_field(), panel.password_field(), panel.button())
        return tuple(part.geometry() for part in parts)

    panel.set_view(view)
    before = places()
    panel.set_view(replace(view, message="職員番号かパスワードが違います。"))
    assert places() == before


def test_a_long_remark_of_the_strip_takes_two_lines(qtbot: QtBot) -> None:
    strip = OutcomeStrip(look_of(1.0, Layout.WIDE))
    qtbot.addWidget(strip)
    strip.resize(1366, strip.wanted_height())
    remark = "このカードは使えません。新しいカードを読み取ってください。"
    strip.set_view(StripView(Tone.REFUSED, "紛失届のあるカード", "2000009083", "貸出できません", "", remark))
    pieces = [piece for piece in strip.trace() if piece.text and piece.text in remark]
    assert "".join(piece.text for piece in pieces) == remark
    assert len(pieces) == 2
    assert {piece.px for piece in pieces} == {strip.look.theme.type_px("label")}


def test_a_questions_own_hint_leaves_room_for_the_usual_one_where_there_is_any(qtbot: QtBot) -> None:
    card = QuestionCard(look_of(1.0, Layout.WIDE))
    qtbot.addWidget(card)
    own = "次の読み取りをすると、答えずに残して続けます。"
    hints = []
    for width in (1400, 700, 480):
        card.resize(width, 300)
        card.open(QuestionView("禁帯出", "", AnswerView("貸さない"), unusual=AnswerView("貸す"), hint=own))
        hints.append(next(line.text() for line in card.findChildren(HintLine)))
    assert all(hint.startswith(own) for hint in hints)
    assert ["操作コード表" in hint for hint in hints] == [True, False, False]
    assert ["Enter" in hint for hint in hints] == [True, True, False]
