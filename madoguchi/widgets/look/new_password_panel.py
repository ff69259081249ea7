"""A new password, typed twice, before anything else can be done; what is wrong with it is said at once."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink
from madoguchi.widgets.look.controls import ButtonKind, KeyButton
from madoguchi.widgets.look.flow import block_height, control_gap, draw_block
from madoguchi.widgets.look.form_field import RING, FormField
from madoguchi.widgets.look.lock_panel import draw_padlock
from madoguchi.widgets.look.painted import Lookable, Painted
from madoguchi.widgets.look.panel_views import NewPasswordView
from madoguchi.widgets.look.question_card import SCALE_STEP
from madoguchi.widgets.look.sentences import Sentences
from madoguchi.widgets.look.theme import SMALLEST_SCALE, Look
from madoguchi.widgets.look.views import FieldView
from madoguchi.widgets.look.words import translate

CARD_WIDTH = 820
LEAST_FIELD = 240
_HEADING = Ink("name", bold=True)
_WHY = Ink("body")
_RULES = Ink("label", colour="ink2")


class NewPasswordPanel(Painted, QWidget):
    """Shows a ``NewPasswordView``. Enter works here: no scan is acted on while somebody signs in.

    It wears the largest text, from the window's scale down to 100 %, at which all of it is whole.

    Signals:
        submitted(first, second): take this. Both are cleared from the fields at once.
        left(): back to the sign-in, by Esc or by the button.
    """

    submitted = Signal(str, str)
    left = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        QWidget.__init__(self, parent)
        self.look = self._window_look = look
        self._view = NewPasswordView("", "", "")
        self._card = QRect()
        self._tops: dict[str, int] = {}
        self._first = FormField(look, self, secret=True)
        self._second = FormField(look, self, secret=True)
        self._problems = Sentences(look, self)
        self._change = KeyButton(look, ButtonKind.OFFERED, self, takes_enter=True)
        self._back = KeyButton(look, ButtonKind.PLAIN, self, takes_enter=True)
        for field in (self._first, self._second):
            field.edit().setInputMethodHints(
                field.edit().inputMethodHints()
                | Qt.InputMethodHint.ImhPreferLatin
                | Qt.InputMethodHint.ImhNoAutoUppercase
                | Qt.InputMethodHint.ImhNoPredictiveText
                | Qt.InputMethodHint.ImhSensitiveData
            )
            field.edit().setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self._first.entered.connect(self._after_first)
        self._second.entered.connect(self._submit)
        self._change.clicked.connect(self._submit)
        self._back.clicked.connect(self._leave)
        self._change.set_words("Enter", translate("Look", "パスワードを変える"))
        self._back.set_words("Esc", translate("Look", "サインインに戻る"))
        self.setFocusProxy(self._first)
        self._say()

    def set_view(self, view: NewPasswordView) -> None:
        """Show this."""
        self._view = view
        self._say()
        had_focus = self._change.hasFocus() or self._back.hasFocus()
        for button in (self._change, self._back):
            button.setEnabled(not view.busy)
        for field in (self._first, self._second):
            field.edit().setReadOnly(view.busy)
        if had_focus and view.busy:
            self._first.edit().setFocus(Qt.FocusReason.OtherFocusReason)
        self._arrange()
        self.update()

    def start(self) -> None:
        """Begin anew: empty fields, the focus in the first."""
        self.forget_passwords()
        self._first.edit().setFocus(Qt.FocusReason.OtherFocusReason)

    def forget_passwords(self) -> None:
        """Clear both fields, also from what Undo would bring back."""
        for field in (self._first, self._second):
            field.edit().clear()

    def view(self) -> NewPasswordView:
        """What it shows."""
        return self._view

    def first_field(self) -> FormField:
        """The field of the new password."""
        return self._first

    def second_field(self) -> FormField:
        """The field where it is typed again."""
        return self._second

    def problem_lines(self) -> Sentences:
        """What is wrong with the password that was tried."""
        return self._problems

    def change_button(self) -> KeyButton:
        """The button that submits."""
        return self._change

    def back_button(self) -> KeyButton:
        """The button that leads back to the sign-in."""
        return self._back

    def _say(self) -> None:
        view = self._view
        self.setAccessibleName(view.heading)
        self.setAccessibleDescription(f"{view.why} {view.rules}".strip())
        marked = ""
        if view.problems:
            marked = translate("Look", "直すところ {count}").format(count=len(view.problems))
        self._first.set_view(FieldView(translate("Look", "新しいパスワード"), error=marked))
        self._second.set_view(FieldView(translate("Look", "もう一度"), error=view.differ))
        if view.problems:
            # whoever comes back to the field hears what is wrong, not only how much
            self._first.edit().setAccessibleDescription(" ".join(view.problems))
        self._problems.set_lines(view.problems)

    def _after_first(self) -> None:
        if self._first.text():
            self._second.edit().setFocus(Qt.FocusReason.OtherFocusReason)

    def _submit(self) -> None:
        first, second = self._first.text(), self._second.text()
        if self._view.busy:
            return
        if not first or not second:
            field = self._second if first else self._first
            field.edit().setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.start()
        self.submitted.emit(first, second)

    def _leave(self) -> None:
        if not self._view.busy:
            self.forget_passwords()
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call: the keys that the fields left."""
        if event.key() != Qt.Key.Key_Escape:
            event.ignore()
        elif not event.isAutoRepeat():
            self._leave()

    # Layout and painting ----------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Qt's call."""
        return QSize(self.look.theme.px(CARD_WIDTH), self.look.theme.px(520))

    def look_changed(self) -> None:
        """Lay everything out again."""
        self._window_look = self.look
        self._arrange()

    def resizeEvent(self, event: object) -> None:
        """Qt's call."""
        del event
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's call."""
        super().showEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Qt's call: the frame has handed the parts a look of their own."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._arrange()
        return super().event(event)

    def _arrange(self) -> None:
        window = self._window_look
        smaller = range(round(window.theme.text_scale * 100), round(SMALLEST_SCALE * 100), -SCALE_STEP)
        for percent in (*smaller, round(SMALLEST_SCALE * 100)):
            self._wear(Look(replace(window.theme, text_scale=percent / 100), window.layout))
            if self._place() <= self.height() - 2 * self.look.theme.space(1):
                break

    def _wear(self, look: Look) -> None:
        # without a word to the layout: it would ask for another arrangement, and that for another
        self.look = look
        parts: tuple[Lookable, ...] = (self._first, self._second, self._problems, self._change, self._back)
        for part in parts:
            if part.look != look:
                part.look = look
                part.look_changed()
                part.update()

    def _pad(self) -> int:
        return self.look.theme.grown(40)

    def _icon(self) -> int:
        return self.look.theme.line("name")

    def _place(self) -> int:
        """Place everything; return the card's height."""
        theme, view = self.look.theme, self._view
        gap, pad = theme.space(3), self._pad()
        width = min(theme.px(CARD_WIDTH), self.width() - 2 * theme.space(4))
        inner = width - 2 * pad
        tops = {"heading": theme.grown(24)}
        head = block_height(theme, view.heading, _HEADING, inner - self._icon() - theme.space(3))
        tops["why"] = tops["heading"] + head + theme.space(2)
        tops["rules"] = tops["why"] + block_height(theme, view.why, _WHY, inner) + theme.space(1)
        tops["fields"] = tops["rules"] + block_height(theme, view.rules, _RULES, inner) + gap
        apart = control_gap(theme)
        beside = (inner - apart) // 2 >= theme.px(LEAST_FIELD)
        each = (inner - apart) // 2 if beside else inner
        first, second = self._first.sizeHint().height(), self._second.sizeHint().height()
        tops["problems"] = tops["fields"] + (max(first, second) if beside else first + second + gap)
        problems = self._problems.height_for(inner)
        tops["buttons"] = tops["problems"] + (problems + theme.space(1) if problems else 0) + gap
        buttons = self._change.wanted_height()
        widths = [button.sizeHint().width() for button in (self._change, self._back)]
        in_row = sum(widths) + apart <= inner
        height = tops["buttons"] + (buttons if in_row else 2 * buttons + apart) + theme.grown(24)
        left = (self.width() - width) // 2
        top = max(theme.space(1), (self.height() - height) * 2 // 5)
        self._card = QRect(left, top, width, height)
        self._tops = {name: top + y for name, y in tops.items()}
        x, y = left + pad, self._tops["fields"]
        self._first.setGeometry(x - RING, y, each + 2 * RING, first)
        if beside:
            self._second.setGeometry(x + each + apart - RING, y, each + 2 * RING, second)
        else:
            self._second.setGeometry(x - RING, y + first + gap, each + 2 * RING, second)
        self._problems.setVisible(bool(problems))
        self._problems.setGeometry(x, self._tops["problems"], inner, problems)
        y = self._tops["buttons"]
        if in_row:
            self._change.setGeometry(x, y, inner - apart - widths[1], buttons)
            self._back.setGeometry(x + inner - widths[1], y, widths[1], buttons)
        else:
            self._change.setGeometry(x, y, inner, buttons)
            self._back.setGeometry(x, y + buttons + apart, inner, buttons)
        return height

    def draw(self, canvas: Canvas) -> None:
        """Paint card, heading and sentences; fields, problems and buttons paint themselves."""
        theme, view, card, tops = canvas.theme, self._view, self._card, self._tops
        canvas.fill(self.rect(), "ground")
        if not tops:
            return
        canvas.box(card, border="lineStrong", fill="surface", radius=theme.radius("card"))
        left, icon = card.left() + self._pad(), self._icon()
        inner = card.width() - 2 * self._pad()
        draw_padlock(canvas, QRect(left, tops["heading"], icon, icon), "accent")
        words = left + icon + theme.space(3)
        draw_block(canvas, words, tops["heading"], left + inner - words, view.heading, _HEADING)
        draw_block(canvas, left, tops["why"], inner, view.why, _WHY)
        draw_block(canvas, left, tops["rules"], inner, view.rules, _RULES)
