"""A form: what is typed stays or goes as it should, keys alone do it all, and nothing is cut anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QMimeData, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from madoguchi.widgets.look import form_panel
from madoguchi.widgets.look.controls import KeyButton
from madoguchi.widgets.look.form_lines import LONGEST_TEXT, LongField
from madoguchi.widgets.look.form_panel import FormPanel
from madoguchi.widgets.look.record_views import FormLine, FormView, LineKind
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.tokens import Contrast

from .panel_checks import (
    LongWords,
    check_colours,
    check_spoken,
    check_texts,
    long_words,
    spoken,
)
from .record_scenes import FORM, REFUSED_FORM, SHOWN, form
from .stage import theme
from .test_record_table import HOSTILE

SIZES = ((1024, 700), (1366, 768), (1920, 1080))
PERCENTS = (100, 150, 200)
FILLED = {
    "number": "s0113",
    "name": "",
    "role": "counter",
    "branches": "sogo,minami",
    "until": "2027/13/31",
    "why": "応援のため。\n3月末まで。",
}


class Window(QWidget):
    """Notes the keys that the form leaves to the window."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: list[int] = []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.keys.append(event.key())


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    widget = Window()
    qtbot.addWidget(widget)
    widget.resize(1000, 620)
    yield widget
    widget.close()


@pytest.fixture
def panel(qtbot: QtBot, look: Look, window: Window) -> FormPanel:
    part = FormPanel(look, window)
    part.setGeometry(0, 0, 1000, 620)
    part.set_view(FORM)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    part.start()
    return part


def _focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def _control(panel: FormPanel, key: str) -> QWidget:
    return panel.field(key).controls()[0]


def _texts(widget: QWidget) -> str:
    """Everything any widget holds, paints or says."""
    found = []
    for part in [widget, *widget.findChildren(QWidget)]:
        found += [part.accessibleName(), part.accessibleDescription(), part.toolTip()]
        if isinstance(part, QLineEdit | QLabel | KeyButton):
            found.append(part.text())
        if isinstance(part, QLineEdit):
            part.undo()
            found.append(part.text())
        if isinstance(part, QPlainTextEdit):
            found.append(part.toPlainText())
            part.undo()
            found.append(part.toPlainText())
        found += [piece.text for piece in getattr(part, "trace", list)()]
    return " ".join(found)


# What stands in it ----------------------------------------------------------------------------------


def test_it_is_filled_from_the_view(panel: FormPanel) -> None:
    assert panel.values() == FILLED
    assert panel.view() == FORM


def test_what_was_typed_stays_while_the_form_is_the_same(panel: FormPanel) -> None:
    panel.set_values({"name": "見本 花子", "role": "lead", "branches": "kita", "unknown": "x"})
    _control(panel, "why").setFocus()
    corrected = replace(
        REFUSED_FORM,
        lines=tuple(replace(line, value="other", error="正しいもの。") for line in FORM.lines),
        busy=True,
    )
    wanted = FILLED | {"name": "見本 花子", "role": "lead", "branches": "kita"}
    for view in (REFUSED_FORM, corrected, FORM):
        panel.set_view(view)
        assert panel.values() == wanted
    assert _focus() is _control(panel, "why")


def test_other_choices_keep_what_was_chosen_if_it_is_among_them(panel: FormPanel) -> None:
    lines = {line.key: line for line in FORM.lines}
    fewer = {"role": lines["role"].choices[1:], "branches": lines["branches"].choices[1:]}
    view = replace(FORM, lines=tuple(replace(line, choices=fewer.get(line.key, ())) for line in FORM.lines))
    panel.set_view(view)
    assert panel.values() == FILLED | {"role": "", "branches": "minami"}


@pytest.mark.parametrize(
    "other",
    [
        replace(FORM, heading="別の職員番号"),
        replace(FORM, lines=FORM.lines[:-1]),
        replace(FORM, lines=tuple(reversed(FORM.lines))),
    ],
    ids=["heading", "fewer lines", "another order"],
)
def test_another_form_is_filled_anew(panel: FormPanel, other: FormView) -> None:
    panel.set_values({"name": "見本 花子"})
    panel.set_view(other)
    assert panel.values()["name"] == ""
    assert "見本" not in _texts(panel)


def test_nothing_of_a_form_that_is_gone_can_be_found(panel: FormPanel) -> None:
    kept = panel.findChildren(QWidget)
    panel.set_values({"name": "見本 花子", "why": "秘密の理由"})
    panel.set_view(None)
    assert panel.values() == {}
    assert panel.view() is None
    everything = _texts(panel) + " ".join(map(_texts, kept))
    for secret in ("見本", "秘密", "s0113", "職員番号", "登録", "応援", "2027"):
        assert secret not in everything, secret
    assert not panel.press(Qt.Key.Key_F10)
    assert not panel.press(Qt.Key.Key_Escape)


def test_what_is_shown_once_is_large_and_nowhere_else(panel: FormPanel) -> None:
    panel.set_view(SHOWN)
    panel.start()
    assert _focus() is panel.submit_button()
    label = panel.column().shown()
    assert isinstance(label, QLabel)
    assert label.textInteractionFlags() == Qt.TextInteractionFlag.NoTextInteraction
    assert label.contextMenuPolicy() is Qt.ContextMenuPolicy.NoContextMenu
    assert [piece.px for piece in label.trace()] == [44]
    assert label.focusPolicy() is Qt.FocusPolicy.NoFocus
    for part in [panel.window(), *panel.window().findChildren(QWidget)]:
        if part is not label:
            assert SHOWN.shown not in part.accessibleName() + part.accessibleDescription()
    bar = panel.scroll_area().verticalScrollBar()
    assert bar.maximum() == 0
    panel.set_view(None)
    assert "kaze" not in _texts(panel)


def test_two_lines_of_one_key_are_refused(panel: FormPanel) -> None:
    with pytest.raises(ValueError, match="one key"):
        panel.set_view(replace(FORM, lines=(FORM.lines[0], FORM.lines[0])))


# By keyboard ----------------------------------------------------------------------------------------


def test_the_focus_begins_at_the_first_error(panel: FormPanel) -> None:
    assert _focus() is _control(panel, "name")
    fine = replace(FORM, lines=tuple(replace(line, error="") for line in FORM.lines))
    panel.set_view(fine)
    panel.start()
    assert _focus() is _control(panel, "number")


def test_enter_goes_on_and_never_sends(qtbot: QtBot, window: Window, panel: FormPanel) -> None:
    _control(panel, "number").setFocus()
    with qtbot.assertNotEmitted(panel.submitted):
        for key in ("name", "role"):
            QTest.keyClick(_focus(), Qt.Key.Key_Return)
            assert _focus() is _control(panel, key)
        QTest.keyClick(_focus(), Qt.Key.Key_Enter)
        assert _focus() is _control(panel, "branches")
        assert panel.values()["role"] == FILLED["role"], "it chooses nothing"
        QTest.keyClick(_focus(), Qt.Key.Key_Enter)
        assert _focus() is _control(panel, "branches")
        _control(panel, "until").setFocus()
        QTest.keyClick(_focus(), Qt.Key.Key_Return)
        assert _focus() is _control(panel, "why")
        QTest.keyClick(_focus(), Qt.Key.Key_Return)
        assert panel.values()["why"] == "\n" + FILLED["why"]
        panel.submit_button().setFocus()
        QTest.keyClick(_focus(), Qt.Key.Key_Return)
    assert window.keys == []


def test_halves_share_a_row_where_both_have_room_and_choices_without_any_are_not_there(
    panel: FormPanel,
) -> None:
    lines = {line.key: line for line in FORM.lines}
    half = tuple(replace(lines[key], half=True) for key in ("number", "name", "until"))
    panel.set_view(replace(FORM, lines=(*half, replace(lines["role"], choices=()))))
    number, name, until = (panel.field(line.key).geometry() for line in half)
    assert (number.top(), number.right() < name.left()) == (name.top(), True)
    assert until.top() > name.bottom()
    assert not panel.field("role").isVisible()
    panel.resize(460, 620)
    tops = [panel.field(line.key).geometry().top() for line in half]
    assert tops == sorted(set(tops))


def test_what_the_clerk_changes_is_told_and_what_is_put_there_is_not(panel: FormPanel) -> None:
    told: list[str] = []
    panel.edited.connect(told.append)
    panel.set_values({"name": "見本 花子", "role": "lead"})
    assert told == []
    _control(panel, "name").setFocus()
    QTest.keyClick(_focus(), Qt.Key.Key_A)
    panel.field("role").start()
    QTest.keyClick(_focus(), Qt.Key.Key_Left)
    assert told == ["name", "role"]


def test_enter_in_the_last_field_goes_to_the_button(qtbot: QtBot, panel: FormPanel) -> None:
    panel.set_view(replace(FORM, lines=FORM.lines[:1]))
    panel.start()
    with qtbot.assertNotEmitted(panel.submitted):
        QTest.keyClick(_focus(), Qt.Key.Key_Return)
        assert _focus() is panel.submit_button()


@pytest.mark.parametrize("renewed", [False, True], ids=["at first", "with other choices"])
def test_tab_goes_through_all_and_round(panel: FormPanel, renewed: bool) -> None:
    if renewed:
        fewer = [replace(line, choices=line.choices[:1]) for line in FORM.lines]
        panel.set_view(replace(FORM, lines=tuple(fewer)))
        panel.set_view(FORM)
    _control(panel, "number").setFocus()
    seen = []
    for _ in range(10):
        seen.append(_focus().accessibleName())
        QTest.keyClick(_focus(), Qt.Key.Key_Tab)
    assert seen == [
        "職員番号 必須", "氏名 必須", "役割 窓口",
        "入れる館 総合市民図書館", "入れる館 南市民図書館", "入れる館 北図書館",
        "使える日", "理由", "F10 登録する", "Esc やめる",
    ]  # fmt: skip
    assert _focus() is _control(panel, "number")
    QTest.keyClick(_focus(), Qt.Key.Key_Backtab)
    assert _focus() is panel.cancel_button()


def test_a_click_finds_the_field_of_several_lines(panel: FormPanel) -> None:
    edit = _long(panel)
    QTest.mouseClick(edit.viewport(), Qt.MouseButton.LeftButton)
    assert _focus() is edit


def test_choices_by_arrows_and_space(panel: FormPanel) -> None:
    panel.field("role").start()
    QTest.keyClick(_focus(), Qt.Key.Key_Right)
    QTest.keyClick(_focus(), Qt.Key.Key_Right)
    assert panel.values()["role"] == "system"
    panel.field("branches").start()
    QTest.keyClick(_focus(), Qt.Key.Key_Space)
    QTest.keyClick(_focus(), Qt.Key.Key_Right)
    QTest.keyClick(_focus(), Qt.Key.Key_Right)
    QTest.keyClick(_focus(), Qt.Key.Key_Space)
    assert panel.values()["branches"] == "minami,kita"


@pytest.mark.parametrize("key", ["number", "role", "branches", "why"])
def test_f10_sends_and_esc_leaves_from_every_line(
    qtbot: QtBot, window: Window, panel: FormPanel, key: str
) -> None:
    _control(panel, key).setFocus()
    with qtbot.waitSignal(panel.submitted) as sent:
        QTest.keyClick(_focus(), Qt.Key.Key_F10)
    assert sent.args == [FILLED]
    with qtbot.waitSignal(panel.cancelled):
        QTest.keyClick(_focus(), Qt.Key.Key_Escape)
    QTest.keyClick(_focus(), Qt.Key.Key_F4)
    assert window.keys == [Qt.Key.Key_F4]
    assert panel.values() == FILLED


def test_the_window_may_hand_the_keys_on(qtbot: QtBot, panel: FormPanel) -> None:
    with qtbot.waitSignal(panel.submitted):
        assert panel.press(Qt.Key.Key_F10)
    with qtbot.waitSignal(panel.cancelled):
        assert panel.press(Qt.Key.Key_Escape)
    assert not panel.press(Qt.Key.Key_F9)


def test_the_key_that_has_opened_it_does_not_send_it_as_well(
    qtbot: QtBot, panel: FormPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0
    monkeypatch.setattr(form_panel, "monotonic_ms", lambda: now)
    guard = panel.look.theme.tokens.answer_guard_ms
    panel.hold()
    with qtbot.assertNotEmitted(panel.submitted):
        now = guard - 1
        assert panel.press(Qt.Key.Key_F10)
        # hammered on, it is meant no better
        now = 2 * guard - 2
        assert panel.press(Qt.Key.Key_F10)
    now = 3 * guard
    with qtbot.waitSignal(panel.submitted):
        panel.press(Qt.Key.Key_F10)
    # a card that is read is what the form was waiting for
    panel.hold()
    panel.set_values({"name": "見本 花子"})
    with qtbot.waitSignal(panel.submitted):
        panel.press(Qt.Key.Key_F10)


def test_the_buttons_do_the_same(qtbot: QtBot, panel: FormPanel) -> None:
    with qtbot.waitSignal(panel.submitted) as sent:
        panel.submit_button().click()
    assert sent.args == [FILLED]
    with qtbot.waitSignal(panel.cancelled):
        panel.cancel_button().click()


def test_busy_says_so_and_nothing_is_changed_or_sent(qtbot: QtBot, panel: FormPanel) -> None:
    before = _focus()
    panel.set_view(replace(FORM, busy=True))
    assert panel.message_line().lines() == ("送っています。お待ちください。",)
    assert not panel.submit_button().isEnabled()
    assert not any(panel.field(key).isEnabled() for key in FILLED)
    with qtbot.assertNotEmitted(panel.submitted):
        for key in (Qt.Key.Key_F10, Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_A):
            QTest.keyClick(_focus(), key)
        assert panel.press(Qt.Key.Key_F10)
    assert panel.values() == FILLED
    with qtbot.waitSignal(panel.cancelled):
        QTest.keyClick(_focus(), Qt.Key.Key_Escape)
    panel.set_view(FORM)
    assert panel.message_line().lines() == ()
    assert _focus() is before


def test_busy_with_a_message_says_why_it_takes_so_long(qtbot: QtBot, panel: FormPanel) -> None:
    panel.set_values({"name": "見本 花子"})
    waits = "まだ登録していません。\n回線がつながりしだい登録します。"
    panel.set_view(replace(FORM, busy=True))
    panel.set_view(replace(FORM, busy=True, message=waits))
    assert panel.message_line().lines() == tuple(waits.splitlines())
    assert spoken(panel.message_line())[1] == waits.replace("\n", " ")
    assert check_texts(panel) > 3
    assert not panel.submit_button().isEnabled()
    assert panel.cancel_button().isEnabled()
    with qtbot.assertNotEmitted(panel.submitted):
        assert panel.press(Qt.Key.Key_F10)
    panel.set_view(replace(FORM, busy=True))
    assert panel.message_line().lines() == ("送っています。お待ちください。",)
    panel.set_view(FORM)
    assert panel.message_line().lines() == ()
    assert panel.values() == FILLED | {"name": "見本 花子"}


# Several lines --------------------------------------------------------------------------------------


def _long(panel: FormPanel) -> QPlainTextEdit:
    field = panel.field("why")
    assert isinstance(field, LongField)
    return field.edit()


def test_a_paste_comes_without_form_and_not_longer_than_allowed(panel: FormPanel) -> None:
    edit = _long(panel)
    data = QMimeData()
    data.setHtml("<b>fat</b>")
    data.setText("<b>fat</b>\u202e\n")
    panel.set_values({"why": ""})
    edit.insertFromMimeData(data)
    assert panel.values()["why"] == "<b>fat</b>\n"
    picture = QMimeData()
    picture.setData("image/png", b"x")
    edit.insertFromMimeData(picture)
    assert panel.values()["why"] == "<b>fat</b>\n"
    panel.set_values({"why": "終" * (LONGEST_TEXT - 2)})
    edit.moveCursor(edit.textCursor().MoveOperation.Start)
    QTest.keyClicks(edit, "abcd")
    assert panel.values()["why"] == "ab" + "終" * (LONGEST_TEXT - 2)
    assert edit.contextMenuPolicy() is Qt.ContextMenuPolicy.NoContextMenu
    assert spoken(edit) == (QAccessible.Role.EditableText, "理由", "記録に残ります")


def test_hostile_text_is_plain_text_everywhere(panel: FormPanel) -> None:
    kinds = (LineKind.TEXT, LineKind.NUMBER, LineKind.LONG, LineKind.ONE_OF, LineKind.SOME_OF)
    short = HOSTILE[:60]
    lines = tuple(
        FormLine(kind.value, short, kind, HOSTILE, True, short, short, (("a", short), ("b", "b")))
        for kind in kinds
    )
    panel.set_view(FormView(short, lines, short, short, short, HOSTILE))
    QApplication.processEvents()
    values = panel.values()
    assert values["text"].startswith("gnp.<img src=x onerror=1><b>bold</b>&amp;   [2J長")
    assert len(values["text"]) == len(values["number"]) == 500
    assert values["long"].startswith("gnp.<img src=x onerror=1><b>bold</b>&amp;\n")
    assert len(values["long"]) == LONGEST_TEXT
    assert values["oneOf"] == values["someOf"] == ""
    assert not set("".join(values.values())) & set("\u202e\u200f\0\x1b")
    painted = [piece.text for piece in panel.column().trace()]
    assert any("<img src=x" in text for text in painted)
    assert not set("".join(painted)) & set("\u202e\u200f\0\x1b")
    for label in panel.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
    # so long a message scrolls with the lines, and the buttons stay in reach
    assert panel.message_line().parentWidget() is panel.column()
    assert panel.rect().contains(panel.submit_button().geometry())


# What it says ---------------------------------------------------------------------------------------


def test_each_control_is_named_and_says_what_is_right(panel: FormPanel) -> None:
    panel.set_view(REFUSED_FORM)
    check_spoken(panel)
    role = QAccessible.Role
    assert spoken(_control(panel, "name")) == (role.EditableText, "氏名 必須", "氏名を入れてください。")
    assert spoken(_control(panel, "role"))[:2] == (role.RadioButton, "役割 窓口")
    assert spoken(_control(panel, "branches")) == (role.CheckBox, "入れる館 総合市民図書館", "入")
    assert spoken(_control(panel, "until"))[2].startswith("年/月/日の順に")
    assert spoken(panel)[1] == FORM.heading
    assert spoken(panel.message_line())[1] == REFUSED_FORM.message
    wrong = replace(FORM, lines=tuple(replace(line, error="正しいもの。") for line in FORM.lines))
    panel.set_view(wrong)
    assert spoken(_control(panel, "branches"))[1] == "入れる館 総合市民図書館 正しいもの。"
    assert spoken(_control(panel, "role"))[2] == "正しいもの。"
    painted = [piece.text for key in FILLED for piece in panel.field(key).trace()]
    assert painted.count("正しいもの。") == len(FORM.lines)


# How it looks ---------------------------------------------------------------------------------------


@pytest.fixture(params=["Japanese", "long words"])
def word(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Callable[[str], str]]:
    if request.param == "Japanese":
        yield str
        return
    translator = LongWords()
    assert qapp.installTranslator(translator)
    yield long_words
    qapp.removeTranslator(translator)


def _worded(view: FormView, word: Callable[[str], str]) -> FormView:
    def own(text: str) -> str:
        return word(text) if text else ""

    lines = tuple(
        replace(
            line,
            label=own(line.label),
            hint=own(line.hint),
            error=own(line.error) or own("正しいものをここに書きます。"),
            choices=tuple((key, own(text)) for key, text in line.choices),
        )
        for line in view.lines
    )
    return replace(
        view, heading=own(view.heading), note=own(view.note), message=own(view.message), lines=lines
    )


def _in_window(widget: QWidget) -> QRect:
    return QRect(widget.mapTo(widget.window(), QPoint()), widget.size())


@pytest.mark.parametrize("view", [REFUSED_FORM, SHOWN], ids=["form", "shown"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("percent", PERCENTS)
@pytest.mark.parametrize("contrast", Contrast, ids=lambda contrast: contrast.value)
def test_everything_fits_is_in_sight_with_the_focus_and_can_be_read(
    qtbot: QtBot,
    word: Callable[[str], str],
    view: FormView,
    size: tuple[int, int],
    percent: int,
    contrast: Contrast,
) -> None:
    scene = form(theme(contrast, percent / 100), size, _worded(view, word))
    frame, panel = scene.frame, scene.part
    assert isinstance(panel, FormPanel)
    qtbot.addWidget(frame)
    with qtbot.waitExposed(frame):
        frame.show()
    frame.activateWindow()
    qtbot.waitUntil(frame.isActiveWindow)
    panel.start()
    assert check_texts(panel) > 3
    assert check_colours(panel) > 3
    scroll = panel.scroll_area()
    _nothing_overlaps(panel, scroll)
    fields = panel.column().fields().values()
    controls = [control for field in fields for control in field.controls()]
    room = _in_window(scroll.viewport())
    for control in controls:
        control.setFocus(Qt.FocusReason.TabFocusReason)
        place = _in_window(control)
        assert room.adjusted(0, -1, 0, 1).contains(place), control.accessibleName()
        assert frame.ring().isVisible()
        assert room.adjusted(-6, -6, 6, 6).contains(frame.ring().geometry())
        assert min(place.width(), place.height()) >= 44
    for field in fields:
        if field.height() <= room.height():
            field.controls()[0].setFocus()
            assert room.contains(_in_window(field)), "label or sentence out of sight"


def _nothing_overlaps(panel: FormPanel, scroll: QScrollArea) -> None:
    parts: list[QWidget] = [scroll, panel.submit_button(), panel.cancel_button()]
    if panel.message_line().isVisible():
        assert panel.message_line().parentWidget() is panel
        parts.append(panel.message_line())
    places = [_in_window(part) for part in parts]
    for at, place in enumerate(places):
        assert _in_window(panel).contains(place)
        assert not any(place.intersects(other) for other in places[at + 1 :])
    rows = [panel.column().shown(), *panel.column().fields().values()]
    rects = [row.geometry() for row in rows if row.isVisible()]
    for upper, lower in pairwise(rects):
        assert upper.bottom() < lower.top()
    if rects:
        assert panel.column().rect().contains(rects[-1])


def test_it_is_a_column_of_a_readable_width_in_the_middle(qtbot: QtBot) -> None:
    scene = form(theme(), (1920, 1080))
    qtbot.addWidget(scene.frame)
    scene.frame.show()
    panel = scene.part
    assert isinstance(panel, FormPanel)
    scroll = panel.scroll_area().geometry()
    assert scroll.width() < 800
    assert abs(scroll.center().x() - panel.rect().center().x()) <= 2


def test_it_follows_another_text_size_and_back(panel: FormPanel, look: Look) -> None:
    before = [piece.px for piece in panel.field("name").trace()]
    height = _control(panel, "why").height()
    panel.set_look(replace(look, theme=replace(look.theme, text_scale=2.0)))
    assert check_texts(panel) > 3
    assert min(piece.px for piece in panel.field("name").trace()) == 32
    assert _control(panel, "why").height() > 1.5 * height
    assert panel.values() == FILLED
    panel.set_look(look)
    assert [piece.px for piece in panel.field("name").trace()] == before


def test_in_the_window_the_buttons_come_after_the_lines(qtbot: QtBot) -> None:
    scene = form(theme(), (1366, 768))
    panel = scene.part
    assert isinstance(panel, FormPanel)
    qtbot.addWidget(scene.frame)
    scene.frame.show()
    scene.frame.activateWindow()
    qtbot.waitUntil(scene.frame.isActiveWindow)
    _control(panel, "why").setFocus()
    QTest.keyClick(_focus(), Qt.Key.Key_Tab)
    assert _focus() is panel.submit_button()
    QTest.keyClick(_focus(), Qt.Key.Key_Tab)
    assert _focus() is panel.cancel_button()
    QTest.keyClick(_focus(), Qt.Key.Key_Tab)
    assert not panel.isAncestorOf(_focus())
