"""Rail, banner, sign-in, form field, focus ring and frame: what they answer to and what they say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from madoguchi.widgets.look.canvas import Shape
from madoguchi.widgets.look.counter_frame import CounterFrame
from madoguchi.widgets.look.focus_ring import REACH
from madoguchi.widgets.look.form_field import FormField
from madoguchi.widgets.look.list_header import ListHeaderBar
from madoguchi.widgets.look.mode_banner import ModeBanner
from madoguchi.widgets.look.outcome_strip import OutcomeStrip
from madoguchi.widgets.look.patron_panel import PatronPanel, meter_count, meter_words
from madoguchi.widgets.look.scan_list import ScanList
from madoguchi.widgets.look.sign_in_panel import SignInPanel
from madoguchi.widgets.look.task_rail import TaskRail
from madoguchi.widgets.look.theme import Layout, Look, Theme
from madoguchi.widgets.look.tokens import Contrast
from madoguchi.widgets.look.top_bar import TopBar
from madoguchi.widgets.look.views import (
    BannerTone,
    BannerView,
    FieldView,
    IndicatorView,
    ListHeader,
    LoanMeter,
    RailView,
    Sign,
    SignInView,
    StripView,
    Tone,
)

from .samples import LOANS, PATRON, TASKS, TOP


@pytest.fixture
def frame(qtbot: QtBot, theme: Theme) -> CounterFrame:
    widget = CounterFrame(theme)
    qtbot.addWidget(widget)
    widget.resize(1366, 768)
    widget.rail.set_view(RailView(TASKS, current=1))
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    return widget


# Rail -----------------------------------------------------------------------------------------------


def test_a_key_is_pressed_with_the_mouse_but_not_with_enter(qtbot: QtBot, look: Look) -> None:
    rail = TaskRail(look)
    qtbot.addWidget(rail)
    rail.resize(180, 640)
    rail.set_view(RailView(TASKS, current=1))
    rail.show()
    with qtbot.waitSignal(rail.chosen) as chosen:
        QTest.mouseClick(rail.key(2), Qt.MouseButton.LeftButton)
    assert chosen.args == [2]
    with qtbot.assertNotEmitted(rail.chosen):
        QTest.keyClick(rail.key(2), Qt.Key.Key_Return)


def test_while_a_question_is_open_f1_to_f8_are_off_and_without_caps(qtbot: QtBot, look: Look) -> None:
    rail = TaskRail(look)
    qtbot.addWidget(rail)
    rail.resize(180, 640)
    rail.set_view(RailView(TASKS, current=1, asking=True))
    assert [number for number in range(1, 13) if rail.key(number).isEnabled()] == [9, 10, 11, 12]
    with qtbot.assertNotEmitted(rail.chosen):
        QTest.mouseClick(rail.key(2), Qt.MouseButton.LeftButton)


def test_a_key_says_its_name_and_what_waits_behind_it(qtbot: QtBot, look: Look) -> None:
    rail = TaskRail(look)
    qtbot.addWidget(rail)
    items = tuple(replace(item, badge=3) if item.key == 10 else item for item in TASKS)
    rail.set_view(RailView(items, current=2))
    interface = QAccessible.queryAccessibleInterface(rail.key(10))
    assert interface.role() is QAccessible.Role.Button
    assert interface.text(QAccessible.Text.Name) == "F10キー 要対応"
    assert interface.text(QAccessible.Text.Description) == "3件"
    assert rail.key(2).accessibleDescription() == "表示中"


# Read-outs ------------------------------------------------------------------------------------------


def test_the_bar_says_less_when_room_is_short_but_never_hides_a_cut_line(qtbot: QtBot, look: Look) -> None:
    bar = TopBar(look)
    qtbot.addWidget(bar)
    bar.set_view(replace(TOP, line=IndicatorView("回線", "回線断", ok=False)))
    said = {}
    for width in (1366, 700, 520):
        bar.resize(width, bar.wanted_height())
        said[width] = {piece.text for piece in bar.trace()}
        assert "回線断" in said[width]
        assert any("14:32" in text for text in said[width])
    assert "USB 正常" in said[1366]
    assert "USB 正常" not in said[520]
    assert "回線断" in bar.accessibleName()


def test_a_meter_says_how_many_now_and_how_many_are_left() -> None:
    assert meter_words(LoanMeter("図書", 3, 4, 10)) == "今回4  あと3"
    assert meter_words(LoanMeter("雑誌", 1, 0, 5)) == "あと4"
    assert meter_words(LoanMeter("図書", 9, 3, 10)) == "今回3  あと0"
    assert meter_words(LoanMeter("図書", 1, 0, 10, "＋記録 3")) == "＋記録 3"
    assert meter_count(LoanMeter("図書", 9, 3, 10)) == "12/10"
    assert meter_count(LoanMeter("録音図書", 2, 0, 0)) == "2"


def test_between_visits_the_panel_holds_nobody(qtbot: QtBot, look: Look) -> None:
    panel = PatronPanel(look)
    qtbot.addWidget(panel)
    panel.resize(292, 620)
    panel.set_view(PATRON)
    assert "見本 花子" in panel.accessibleName()
    panel.set_view(None)
    assert panel.accessibleName() == ""
    assert panel.text() == ""
    assert [piece for piece in panel.trace() if piece.text] == []


@pytest.mark.parametrize("layout", Layout)
def test_off_the_line_the_panel_has_a_number_and_no_name(qtbot: QtBot, look: Look, layout: Layout) -> None:
    panel = PatronPanel(look.with_layout(layout))
    qtbot.addWidget(panel)
    panel.resize(*((292, 620) if layout is Layout.WIDE else (900, panel.wanted_height())))
    panel.set_view(replace(PATRON, as_of="14:28 時点の内容"))
    said = [panel.text(), panel.accessibleName(), *(piece.text for piece in panel.trace())]
    assert not any(word in text for text in said for word in (PATRON.kana, PATRON.name, PATRON.note))
    painted = {piece.text for piece in panel.trace()}
    assert {PATRON.number, "14:28 時点の内容"} <= painted


def test_what_was_borrowed_before_differs_from_this_visit_by_shape(qtbot: QtBot, look: Look) -> None:
    panel = PatronPanel(look)
    qtbot.addWidget(panel)
    panel.resize(292, 620)
    for limit in (10, 100):
        panel.set_view(replace(PATRON, meters=(LoanMeter("図書", 3, 4, limit),), flags=(), note=""))
        marks = [
            mark for mark in panel.notes().marks if mark.shape is Shape.GROUND and mark.rect.height() < 20
        ]
        heights = {
            colour: {m.rect.height() for m in marks if m.colour == colour} for colour in ("ink2", "accent")
        }
        assert len(heights["ink2"]) == len(heights["accent"]) == 1
        assert max(heights["ink2"]) < min(heights["accent"])


def test_the_notice_of_the_strip_has_the_triangle_of_the_rows(qtbot: QtBot, look: Look) -> None:
    strip = OutcomeStrip(look)
    qtbot.addWidget(strip)
    strip.resize(1366, 96)
    pictures = []
    for sign in (None, Sign.NOTICE):
        strip.set_view(StripView(Tone.NOTICE, "同じ資料", sign=sign))
        pictures.append(strip.grab().toImage())
    assert pictures[0] == pictures[1]


def test_what_lies_out_of_sight_keeps_the_margin_of_the_list(qtbot: QtBot, look: Look) -> None:
    header = ListHeaderBar(look)
    qtbot.addWidget(header)
    header.resize(894, header.wanted_height())
    header.set_view(ListHeader("今回の貸出", 5, "点"))
    header.set_out_of_sight(4, 0)
    button = header.earlier_button()
    assert header.width() - button.geometry().right() - 1 >= look.theme.space(4)
    for layout in Layout:
        header.set_look(look.with_layout(layout))
        header.resize(894, header.wanted_height())
        assert button.height() >= look.theme.tokens.size_px["targetMin"]


def test_a_long_note_ends_in_an_ellipsis_inside_the_panel(qtbot: QtBot, look: Look) -> None:
    panel = PatronPanel(look)
    qtbot.addWidget(panel)
    panel.resize(292, 620)
    panel.set_view(replace(PATRON, note="大活字本を希望。" * 60))
    pieces = panel.trace()
    assert pieces[-1].text.endswith("…")
    assert all(panel.rect().contains(piece.rect) for piece in pieces)


# Banner ---------------------------------------------------------------------------------------------


def test_the_banner_has_its_ending_key_and_no_other_way_out(qtbot: QtBot, look: Look) -> None:
    banner = ModeBanner(look)
    qtbot.addWidget(banner)
    banner.resize(1366, banner.wanted_height())
    banner.show()
    banner.set_view(BannerView(BannerTone.SYSTEM, Sign.OUTAGE, "回線断"))
    assert not banner.button().isVisible()
    banner.set_view(BannerView(BannerTone.CLERK, Sign.BOOK_DROP, "返却ポスト処理中", "", "F11", "今日に戻す"))
    with qtbot.waitSignal(banner.ended):
        QTest.mouseClick(banner.button(), Qt.MouseButton.LeftButton)
    assert banner.isVisible()


# Sign-in --------------------------------------------------------------------------------------------


@pytest.fixture
def panel(qtbot: QtBot, look: Look) -> SignInPanel:
    widget = SignInPanel(look)
    qtbot.addWidget(widget)
    widget.resize(1366, 700)
    widget.set_view(SignInView("窓口を開く", "辻堂市民図書館"))
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    widget.start()
    return widget


def test_enter_goes_from_the_name_to_the_password_and_signs_in(qtbot: QtBot, panel: SignInPanel) -> None:
    QTest.keyClicks(panel.user_field().edit(), " counter1 ")
    QTest.keyClick(panel.user_field().edit(), Qt.Key.Key_Return)
    assert panel.password_field().edit().hasFocus()
    QTest.keyClicks(panel.password_field().edit(), " s3cret ")
    with qtbot.waitSignal(panel.submitted) as sent:
        QTest.keyClick(panel.password_field().edit(), Qt.Key.Key_Return)
    assert sent.args == ["counter1", " s3cret "]
    assert panel.password_field().text() == ""


def test_nothing_is_sent_without_both(qtbot: QtBot, panel: SignInPanel) -> None:
    with qtbot.assertNotEmitted(panel.submitted):
        panel.button().click()
        QTest.keyClick(panel.user_field().edit(), Qt.Key.Key_Return)
    assert panel.user_field().edit().hasFocus()


def test_while_busy_nothing_is_sent_again(qtbot: QtBot, panel: SignInPanel) -> None:
    panel.start("counter1")
    QTest.keyClicks(panel.password_field().edit(), "s3cret")
    panel.set_view(SignInView("窓口を開く", busy=True))
    with qtbot.assertNotEmitted(panel.submitted):
        QTest.keyClick(panel.password_field().edit(), Qt.Key.Key_Return)
    assert not panel.button().isEnabled()


def test_the_password_is_never_shown_or_spoken(panel: SignInPanel) -> None:
    QTest.keyClicks(panel.password_field().edit(), "s3cret")
    assert panel.password_field().edit().echoMode() is QLineEdit.EchoMode.Password
    assert "s3cret" not in panel.password_field().edit().displayText()
    interface = QAccessible.queryAccessibleInterface(panel.password_field().edit())
    assert "s3cret" not in interface.text(QAccessible.Text.Value)


def test_an_error_message_stands_in_the_card(panel: SignInPanel) -> None:
    panel.set_view(SignInView("窓口を開く", message="職員番号かパスワードが違います"))
    lines = [
        widget for widget in panel.findChildren(QWidget) if widget.accessibleName().startswith("職員番号か")
    ]
    assert len(lines) == 1
    assert lines[0].isVisible()


# Form field -----------------------------------------------------------------------------------------


def test_an_error_changes_neither_text_nor_focus(qtbot: QtBot, look: Look) -> None:
    field = FormField(look)
    qtbot.addWidget(field)
    field.set_view(FieldView("生年月日", required=True))
    field.resize(400, field.sizeHint().height())
    field.show()
    QTest.keyClicks(field.edit(), "1989/02/30")
    before = field.sizeHint().height()
    field.set_view(FieldView("生年月日", required=True, error="2月は28日までです。"))
    assert field.text() == "1989/02/30"
    assert field.sizeHint().height() > before
    assert field.edit().accessibleName() == "生年月日 必須"
    assert field.edit().accessibleDescription() == "2月は28日までです。"


def test_a_field_tells_of_edits_and_takes_at_most_500_characters(qtbot: QtBot, look: Look) -> None:
    field = FormField(look)
    qtbot.addWidget(field)
    field.set_view(FieldView("氏名"))
    with qtbot.waitSignal(field.edited) as edited:
        QTest.keyClick(field.edit(), Qt.Key.Key_A)
    assert edited.args == ["a"]
    field.set_text("字" * 600)
    assert len(field.text()) == 500


# Focus ring and frame -------------------------------------------------------------------------------


def test_at_first_nothing_is_ringed(frame: CounterFrame) -> None:
    assert frame.hasFocus()
    assert not frame.ring().isVisible()


def test_the_ring_lies_outside_a_field_and_follows_it(qtbot: QtBot, frame: CounterFrame, look: Look) -> None:
    page = QWidget()
    field = FormField(look, page)
    field.set_view(FieldView("氏名"))
    field.setGeometry(40, 40, 300, 100)
    frame.set_centre(page)
    field.edit().setFocus()
    ring = frame.ring()
    qtbot.waitUntil(ring.isVisible)

    def around() -> bool:
        corner = field.edit().mapTo(frame, QPoint(0, 0))
        inside = ring.geometry().adjusted(REACH, REACH, -REACH, -REACH)
        return inside.topLeft() == corner and inside.size() == field.edit().size()

    assert around()
    field.move(60, 90)
    qtbot.waitUntil(around)
    assert ring.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    frame.setFocus()
    qtbot.waitUntil(lambda: not ring.isVisible())


def test_the_ring_goes_round_the_row_the_keyboard_is_on(frame: CounterFrame) -> None:
    scans = ScanList(frame.look)
    frame.set_centre(scans)
    scans.setFocus()
    assert not frame.ring().isVisible()
    scans.set_rows(LOANS[:2])
    QTest.keyClick(scans.rows_view(), Qt.Key.Key_Up)
    assert frame.ring().isVisible()
    QTest.keyClick(scans.rows_view(), Qt.Key.Key_Up)
    top = frame.ring().geometry().top()
    QTest.keyClick(scans.rows_view(), Qt.Key.Key_Down)
    assert frame.ring().geometry().top() == top + 60


def test_a_cover_hides_what_it_covers(frame: CounterFrame) -> None:
    panel = PatronPanel(frame.look)
    panel.set_view(PATRON)
    frame.set_left(panel)
    frame.set_banner(BannerView(BannerTone.SYSTEM, Sign.OUTAGE, "回線断"))
    assert panel.isVisible()
    frame.set_cover(SignInPanel(frame.look))
    shown = [panel.isVisible(), frame.rail.isVisible(), frame.strip.isVisible(), frame.banner.isVisible()]
    assert shown == [False, False, False, False]
    assert frame.top_bar.isVisible()
    frame.set_cover(None)
    assert panel.isVisible()
    assert frame.banner.isVisible()
    assert frame.strip.isVisible()


def test_a_new_theme_reaches_every_part(frame: CounterFrame) -> None:
    scans = ScanList(frame.look)
    frame.set_centre(scans)
    other = replace(frame.look.theme, contrast=Contrast.HIGH, text_scale=1.5)
    frame.set_theme(other)
    parts = [
        frame.top_bar,
        frame.rail,
        frame.rail.key(3),
        frame.strip,
        scans,
        scans.rows_view(),
        frame.question,
    ]
    assert all(part.look.theme == other for part in parts)
    assert frame.strip.height() == 112


def test_a_part_put_in_later_wears_the_look_in_force(frame: CounterFrame, look: Look) -> None:
    frame.set_theme(replace(frame.look.theme, text_scale=2.0))
    scans = ScanList(look)
    frame.set_centre(scans)
    assert scans.look == frame.look
    assert scans.header_bar().look == frame.look
