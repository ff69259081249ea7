"""The sign-in card in the middle of the window: user name, password, what went wrong, the last sign-in."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink, paragraph_height
from madoguchi.widgets.look.controls import ButtonKind, KeyButton
from madoguchi.widgets.look.flow import control_gap
from madoguchi.widgets.look.form_field import RING, FormField
from madoguchi.widgets.look.icons import Icon
from madoguchi.widgets.look.painted import Painted
from madoguchi.widgets.look.sentences import Sentences
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import FieldView, SignInView
from madoguchi.widgets.look.words import translate

CARD_WIDTH = 560
_SMALL = Ink("label", colour="ink2")


class SignInPanel(Painted, QWidget):
    """Shows a ``SignInView``. Here Enter works: in the name it goes on to the password, there it signs in.

    Signals:
        submitted(user_name, password): sign in with these. The password is cleared from the field at once.
    """

    submitted = Signal(str, str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        QWidget.__init__(self, parent)
        self.look = look
        self._view = SignInView("")
        self._card = QRect()
        self._foot_top = 0
        self._head_top = 0
        self._tight = False
        self._user = FormField(look, self, number=True, codes=True)
        self._password = FormField(look, self, secret=True, fleeting=True)
        self._button = KeyButton(look, ButtonKind.OFFERED, self, takes_enter=True)
        self._message = Sentences(look, self)
        for field in (self._user, self._password):
            # Without this a Japanese input method would swallow the letters of an account name.
            field.edit().setInputMethodHints(
                field.edit().inputMethodHints()
                | Qt.InputMethodHint.ImhPreferLatin
                | Qt.InputMethodHint.ImhNoAutoUppercase
                | Qt.InputMethodHint.ImhNoPredictiveText
                | Qt.InputMethodHint.ImhSensitiveData
            )
        self._password.edit().setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self._user.entered.connect(self._after_user)
        self._password.entered.connect(self._submit)
        self._button.clicked.connect(self._submit)
        self._user.set_view(FieldView(translate("Look", "職員番号")))
        self._password.set_view(FieldView(translate("Look", "パスワード")))
        self._button.set_words("Enter", translate("Look", "サインイン"))
        self.setFocusProxy(self._user)

    def set_view(self, view: SignInView) -> None:
        """Show this."""
        self._view = view
        self.setAccessibleName(view.heading)
        self.setAccessibleDescription(view.last_sign_in)
        self._message.set_lines(view.message.splitlines(), view.message_sign)
        had_focus = self._button.hasFocus()
        self._button.setEnabled(not view.busy)
        self._user.edit().setReadOnly(view.busy)
        self._password.edit().setReadOnly(view.busy)
        if had_focus and view.busy:
            self._password.edit().setFocus(Qt.FocusReason.OtherFocusReason)
        self._arrange()
        self.update()

    def message(self) -> str:
        """What the panel says about the last try."""
        return self._view.message

    def start(self, user_name: str = "") -> None:
        """Begin anew: this user name, no password, the focus where typing goes on."""
        self.clear()
        self._user.set_text(user_name)
        field = self._password if user_name else self._user
        field.edit().setFocus(Qt.FocusReason.OtherFocusReason)

    def clear(self) -> None:
        """No user name, no password; the focus stays where it is."""
        self._user.set_text("")
        self._password.edit().clear()

    def user_field(self) -> FormField:
        """The field of the user name."""
        return self._user

    def password_field(self) -> FormField:
        """The field of the password."""
        return self._password

    def button(self) -> KeyButton:
        """The sign-in button."""
        return self._button

    def _after_user(self) -> None:
        if self._user.text().strip():
            self._password.edit().setFocus(Qt.FocusReason.OtherFocusReason)

    def _submit(self) -> None:
        user_name, password = self._user.text().strip(), self._password.text()
        if self._view.busy:
            return
        if not user_name or not password:
            field = self._password if user_name else self._user
            field.edit().setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._password.edit().clear()
        self.submitted.emit(user_name, password)

    # Layout and painting ----------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Qt's call."""
        return QSize(self.look.theme.px(CARD_WIDTH), self.look.theme.px(520))

    def look_changed(self) -> None:
        """Lay everything out again."""
        for part in (self._user, self._password, self._button, self._message):
            part.set_look(self.look)
        self._arrange()

    def resizeEvent(self, event: object) -> None:
        """Qt's call."""
        del event
        self._arrange()

    def _arrange(self) -> None:
        theme = self.look.theme
        self._tight = False
        if self._place(theme.grown(32), theme.space(3)) > self.height() - theme.space(3):
            self._tight = True
            if self._place(theme.space(1), RING) > self.height() - 2 * theme.space(1):
                # The last sign-in is worth more than a card that stands still.
                low = self._place(theme.space(1), RING, reserve=False) > self.height() - 2 * theme.space(1)
                if low and self._view.message:
                    self._place(theme.space(1), RING, reserve=False, beside=True)

    def _heading(self) -> Ink:
        return Ink("heading" if self._tight else "name", bold=True)

    def _pad(self) -> int:
        return self.look.theme.grown(48)

    def _place(self, margin: int, gap: int, *, reserve: bool = True, beside: bool = False) -> int:
        """Place everything with this margin above and below and this gap between; return the height.

        ``reserve`` keeps the message's line while there is none: the card does not jump when one comes.
        ``beside`` puts the fields side by side on a card as wide as the window, for a long message.
        """
        theme = self.look.theme
        most = self.width() - 2 * theme.space(4)
        width = most if beside else min(theme.px(CARD_WIDTH), most)
        inner = width - 2 * self._pad()
        head = theme.line(self._heading().role) + theme.line("body") + gap + theme.space(2)
        field, rows = self._user.sizeHint().height(), 1 if beside else 2
        message = self._message.height_for(inner)
        if reserve:
            message = max(message, self._message.wanted_height())
        button = self._button.wanted_height()
        foot = sum(
            paragraph_height(theme, text, _SMALL, inner) + gap // 2
            for text in (self._view.last_sign_in, self._view.note)
            if text
        )
        height = 2 * margin + head + rows * (field + gap) + message + gap + button + theme.space(3) + foot
        left = (self.width() - width) // 2
        top = max(theme.space(1), (self.height() - height) * 2 // 5)
        self._card = QRect(left, top, width, min(height, self.height() - top - theme.space(1)))
        self._head_top = top + margin
        y = self._head_top + head
        each = (inner - control_gap(theme)) // 2 if beside else inner
        for at, part in enumerate((self._user, self._password)):
            x = left + self._pad() + (at * (inner - each) if beside else 0)
            part.setGeometry(x - RING, y, each + 2 * RING, field)
            y += 0 if beside and not at else field + gap
        self._message.setVisible(bool(self._view.message))
        self._message.setGeometry(left + self._pad(), y, inner, message)
        y += message + gap
        self._button.setGeometry(left + self._pad(), y, inner, button)
        self._foot_top = y + button + theme.space(3)
        return height

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's call."""
        del event
        painter = QPainter(self)
        self.draw(Canvas(painter, self.look.theme, pixel_ratio=self.devicePixelRatioF()))
        painter.end()

    def draw(self, canvas: Canvas) -> None:
        """Paint card, heading and last sign-in; fields and button paint themselves."""
        theme, view, card = canvas.theme, self._view, self._card
        canvas.fill(self.rect(), "ground")
        canvas.box(card, border="lineStrong", fill="surface", radius=theme.radius("card"))
        pad = self._pad()
        inner = card.width() - 2 * pad
        heading = self._heading()
        upper, lower = theme.line(heading.role), theme.line("body")
        icon = min(upper + lower, theme.px(48))
        top = self._head_top
        canvas.icon(card.left() + pad + icon // 2, top + (upper + lower) // 2, icon, Icon.PERSON, "accent")
        left = card.left() + pad + icon + theme.space(4)
        room = card.left() + pad + inner - left
        canvas.text(QRect(left, top, room, upper), view.heading, heading)
        canvas.text(QRect(left, top + upper, room, lower), view.place, Ink("body", colour="ink2"))
        y = self._foot_top
        for text in (view.last_sign_in, view.note):
            box = QRect(card.left() + pad, y, inner, card.bottom() - y)
            # Where both do not fit, the last sign-in stays: it shows a stranger's use of the account.
            if text and box.height() >= theme.line("label"):
                y += canvas.paragraph(box, text, _SMALL) + (0 if self._tight else theme.space(3) // 2)
