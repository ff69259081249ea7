"""User name and password with their button and message: the part of a sign-in that every sign-in has."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.controls import ButtonKind, KeyButton, control_height
from madoguchi.widgets.look.flow import control_gap
from madoguchi.widgets.look.form_field import RING, FormField
from madoguchi.widgets.look.hint_line import HintLine
from madoguchi.widgets.look.painted import Lookable
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import FieldView, Sign
from madoguchi.widgets.look.words import translate

LEAST_FIELD = 180


class Credentials(Lookable, QWidget):
    """Two fields and a button side by side, or under each other where that is too narrow; a message below.

    Enter works here, because no scan is acted on while somebody signs in: in the name it goes on to the
    password, there it submits.

    Signals:
        submitted(login, password): try these. The password is cleared from the field at once.
    """

    submitted = Signal(str, str)

    def __init__(self, look: Look, button_word: str, parent: QWidget | None = None) -> None:
        QWidget.__init__(self, parent)
        self.look = look
        self._busy = False
        self._login = FormField(look, self, number=True, codes=True)
        self._password = FormField(look, self, secret=True, fleeting=True)
        self._button = KeyButton(look, ButtonKind.OFFERED, self, takes_enter=True)
        self._message = HintLine(look, self)
        for field in (self._login, self._password):
            # Without this a Japanese input method would swallow the letters of an account name.
            field.edit().setInputMethodHints(
                field.edit().inputMethodHints()
                | Qt.InputMethodHint.ImhPreferLatin
                | Qt.InputMethodHint.ImhNoAutoUppercase
                | Qt.InputMethodHint.ImhNoPredictiveText
                | Qt.InputMethodHint.ImhSensitiveData
            )
        self._password.edit().setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self._login.entered.connect(self._after_login)
        self._password.entered.connect(self._submit)
        self._button.clicked.connect(self._submit)
        self._login.set_view(FieldView(translate("Look", "職員番号")))
        self._password.set_view(FieldView(translate("Look", "パスワード")))
        self._button.set_words("Enter", button_word)
        self.setFocusProxy(self._login)

    def set_state(self, message: str, message_sign: Sign, *, busy: bool) -> None:
        """Show this message (empty: none). While ``busy`` nothing can be typed or sent."""
        self._busy = busy
        self._message.set_words(message, message_sign)
        if message and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self._message, QAccessible.Event.Alert))
        had_focus = self._button.hasFocus()
        self._button.setEnabled(not busy)
        self._login.edit().setReadOnly(busy)
        self._password.edit().setReadOnly(busy)
        if had_focus and busy:
            self._password.edit().setFocus(Qt.FocusReason.OtherFocusReason)
        self._arrange()
        self.updateGeometry()

    def start(self, login: str = "") -> None:
        """Begin anew: this login, no password, the focus where typing goes on."""
        self._login.set_text(login)
        self.forget_password()
        field = self._password if login else self._login
        field.edit().setFocus(Qt.FocusReason.OtherFocusReason)

    def forget_password(self) -> None:
        """Clear the password field, also from what Undo would bring back."""
        self._password.edit().clear()

    def login_field(self) -> FormField:
        """The field of the login."""
        return self._login

    def password_field(self) -> FormField:
        """The field of the password."""
        return self._password

    def button(self) -> KeyButton:
        """The button that submits."""
        return self._button

    def message_line(self) -> HintLine:
        """The message."""
        return self._message

    def _after_login(self) -> None:
        if self._login.text().strip():
            self._password.edit().setFocus(Qt.FocusReason.OtherFocusReason)

    def _submit(self) -> None:
        login, password = self._login.text().strip(), self._password.text()
        if self._busy:
            return
        if not login or not password:
            field = self._password if login else self._login
            field.edit().setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.forget_password()
        self.submitted.emit(login, password)

    # Layout -----------------------------------------------------------------------------------------

    def height_for(self, width: int) -> int:
        """Height in px at this width."""
        field, gap = self._login.sizeHint().height(), self.look.theme.space(2)
        height = field
        if not self._side_by_side(width):
            height = 2 * field + 2 * gap + self._button.wanted_height()
        if self._message.text():
            height += gap + self._message.wanted_height()
        return height

    def look_changed(self) -> None:
        """Lay everything out again."""
        for part in (self._login, self._password, self._button, self._message):
            part.set_look(self.look)
        self._arrange()

    def resizeEvent(self, event: object) -> None:
        """Qt's call."""
        del event
        self._arrange()

    def _side_by_side(self, width: int) -> bool:
        return self._field_width(width) >= self.look.theme.px(LEAST_FIELD)

    def _field_width(self, width: int) -> int:
        """Width of the line edit of each field where both and the button share a row."""
        return (width - self._button.sizeHint().width() - 2 * control_gap(self.look.theme)) // 2

    def _arrange(self) -> None:
        theme, width = self.look.theme, self.width()
        field, gap = self._login.sizeHint().height(), theme.space(2)
        # A field's line edit stands RING px inside it; the labels line up with the text around the fields.
        if self._side_by_side(width):
            edit, apart = self._field_width(width), control_gap(theme)
            self._login.setGeometry(-RING, 0, edit + 2 * RING, field)
            self._password.setGeometry(edit + apart - RING, 0, edit + 2 * RING, field)
            left = 2 * (edit + apart)
            top = field - RING - control_height(theme)
            self._button.setGeometry(left, top, width - left, control_height(theme))
            y = field
        else:
            self._login.setGeometry(-RING, 0, width + 2 * RING, field)
            self._password.setGeometry(-RING, field + gap, width + 2 * RING, field)
            top = 2 * (field + gap)
            self._button.setGeometry(0, top, width, self._button.wanted_height())
            y = top + self._button.wanted_height()
        self._message.setVisible(bool(self._message.text()))
        self._message.setGeometry(0, y + gap, width, self._message.wanted_height())
