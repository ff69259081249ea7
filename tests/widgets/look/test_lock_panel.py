"""The away lock: what it shows, what it cannot show, and the only way out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from madoguchi.widgets.look import form_field
from madoguchi.widgets.look.lock_panel import LockPanel
from madoguchi.widgets.look.panel_views import LockView
from madoguchi.widgets.look.sign_in_panel import SignInPanel
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import Sign

from .panel_checks import spoken
from .panel_scenes import LOCK, WRONG, lock, present
from .stage import theme


@pytest.fixture
def panel(qtbot: QtBot, look: Look) -> Iterator[LockPanel]:
    widget = LockPanel(look)
    qtbot.addWidget(widget)
    widget.resize(1366, 700)
    widget.set_view(LOCK)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    widget.start("s0123")
    yield widget
    widget.close()


def _edits(panel: LockPanel) -> tuple[QLineEdit, QLineEdit]:
    credentials = panel.credentials()
    return credentials.login_field().edit(), credentials.password_field().edit()


def test_it_says_who_since_when_and_what_opens_it(panel: LockPanel) -> None:
    words = "".join(piece.text for piece in panel.trace())
    assert "離席中" in words
    assert "試作 一郎（14:38 から）" in words
    assert "パスワードを入れると再開します" in words
    assert "試作 一郎さんの作業は残ります。" in words
    assert spoken(panel)[1] == "離席中 試作 一郎（14:38 から）"


def test_it_says_how_many_scans_are_held_and_nothing_when_there_are_none(panel: LockPanel) -> None:
    line = panel.held_line()
    assert line.isVisible()
    assert line.trace()[0].text == "読み取り 2件を保留中"
    assert spoken(line)[1].startswith("読み取り 2件を保留中 まだ処理していません")
    panel.set_view(replace(LOCK, held_scans=0))
    assert not line.isVisible()
    assert line.trace() == []
    assert spoken(line)[1] == ""


def test_there_is_no_place_for_a_title_or_a_patron() -> None:
    names = {field.name for field in fields(LockView)}
    assert names == {"staff", "since", "held_scans", "message", "message_sign", "busy"}


def test_the_focus_is_where_typing_goes_on(panel: LockPanel) -> None:
    login, password = _edits(panel)
    assert password.hasFocus()
    assert login.text() == "s0123"
    panel.start()
    assert login.hasFocus()
    assert login.text() == ""


def test_enter_in_the_password_submits_and_clears_it(qtbot: QtBot, panel: LockPanel) -> None:
    _, password = _edits(panel)
    QTest.keyClicks(password, " s3cret ")
    with qtbot.waitSignal(panel.submitted) as sent:
        QTest.keyClick(password, Qt.Key.Key_Return)
    assert sent.args == ["s0123", " s3cret "]
    assert password.text() == ""
    assert not password.isUndoAvailable()


def test_another_person_signs_in_by_mouse_or_key(qtbot: QtBot, panel: LockPanel) -> None:
    login, password = _edits(panel)
    login.clear()
    login.setFocus()
    QTest.keyClicks(login, " s0456 ")
    QTest.keyClick(login, Qt.Key.Key_Return)
    assert password.hasFocus()
    QTest.keyClicks(password, "other")
    with qtbot.waitSignal(panel.submitted) as sent:
        QTest.mouseClick(panel.credentials().button(), Qt.MouseButton.LeftButton)
    assert sent.args == ["s0456", "other"]


def test_nothing_is_sent_without_both(qtbot: QtBot, panel: LockPanel) -> None:
    login, password = _edits(panel)
    with qtbot.assertNotEmitted(panel.submitted):
        QTest.keyClick(password, Qt.Key.Key_Return)
        login.clear()
        panel.credentials().button().click()
    assert login.hasFocus()


def test_while_busy_nothing_is_typed_or_sent(qtbot: QtBot, panel: LockPanel) -> None:
    _, password = _edits(panel)
    QTest.keyClicks(password, "s3cret")
    panel.set_view(replace(LOCK, busy=True))
    with qtbot.assertNotEmitted(panel.submitted):
        QTest.keyClicks(password, "more")
        QTest.keyClick(password, Qt.Key.Key_Return)
    assert password.text() == "s3cret"
    assert not panel.credentials().button().isEnabled()
    panel.set_view(LOCK)
    assert panel.credentials().button().isEnabled()


def test_escape_opens_nothing(qtbot: QtBot, panel: LockPanel) -> None:
    with qtbot.assertNotEmitted(panel.submitted):
        for edit in _edits(panel):
            QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert panel.isVisible()


def test_a_half_typed_password_can_be_forgotten(panel: LockPanel) -> None:
    _, password = _edits(panel)
    QTest.keyClicks(password, "half")
    panel.credentials().forget_password()
    assert password.text() == ""
    assert not password.isUndoAvailable()


def test_the_password_is_never_shown_or_spoken(panel: LockPanel) -> None:
    _, password = _edits(panel)
    QTest.keyClicks(password, "s3cret")
    assert password.echoMode() is QLineEdit.EchoMode.Password
    assert "s3cret" not in password.displayText()
    interface = QAccessible.queryAccessibleInterface(password)
    assert "s3cret" not in interface.text(QAccessible.Text.Value)
    assert not password.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


def test_fields_and_button_have_names_and_roles(panel: LockPanel) -> None:
    login, password = _edits(panel)
    assert spoken(login)[:2] == (QAccessible.Role.EditableText, "職員番号")
    assert spoken(password)[:2] == (QAccessible.Role.EditableText, "パスワード")
    assert spoken(panel.credentials().button())[:2] == (QAccessible.Role.Button, "Enter 再開")


def test_the_message_comes_and_goes(panel: LockPanel) -> None:
    line = panel.credentials().message_line()
    assert not line.isVisible()
    panel.set_view(replace(LOCK, message=WRONG, message_sign=Sign.REFUSED))
    assert line.isVisible()
    assert [piece.text for piece in line.trace()] == [WRONG]
    panel.set_view(LOCK)
    assert not line.isVisible()


def test_a_staff_name_is_plain_text(panel: LockPanel) -> None:
    panel.set_view(replace(LOCK, staff="<b>{since}</b>\n二郎"))
    assert "<b>{since}</b> 二郎" in panel.accessibleName().replace("\n", " ")
    assert any("<b>{since}</b>" in piece.text for piece in panel.trace())


def test_in_the_window_it_hides_everything_but_the_top_bar(qtbot: QtBot) -> None:
    scene = lock(theme())
    qtbot.addWidget(scene.frame)
    with qtbot.waitExposed(scene.frame):
        present(scene)
    frame = scene.frame
    assert scene.part.isVisible()
    assert not any(part.isVisible() for part in (frame.rail, frame.strip, frame.question, frame.banner))
    assert scene.part.geometry().bottom() == frame.rect().bottom()
    assert scene.part.width() == frame.width()


@pytest.mark.parametrize("kind", [LockPanel, SignInPanel])
def test_a_password_that_is_half_typed_vanishes(
    qtbot: QtBot, look: Look, monkeypatch: pytest.MonkeyPatch, kind: type[LockPanel] | type[SignInPanel]
) -> None:
    assert form_field.FORGOTTEN_AFTER_MS == 10_000
    monkeypatch.setattr(form_field, "FORGOTTEN_AFTER_MS", 400)
    front = kind(look)
    qtbot.addWidget(front)
    front.start("s0123")
    edit = front.password_field().edit()
    QTest.keyClicks(edit, "tsuki")
    qtbot.wait(250)
    QTest.keyClicks(edit, "-to")
    qtbot.wait(250)
    assert edit.text() == "tsuki-to", "ten seconds after the last key, not after the first"
    qtbot.waitUntil(lambda: edit.text() == "")
    assert not edit.isUndoAvailable()
    assert front.user_field().text() == "s0123"
