"""A form in a card: its lines below each other, what is wrong under each, F10 sends and Esc leaves."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget

from madoguchi.widgets.look.canvas import Canvas
from madoguchi.widgets.look.controls import ButtonKind, KeyButton
from madoguchi.widgets.look.flow import control_gap
from madoguchi.widgets.look.form_column import FormColumn
from madoguchi.widgets.look.form_field import FormField
from madoguchi.widgets.look.form_lines import OneOfField
from madoguchi.widgets.look.labelled import Labelled
from madoguchi.widgets.look.painted import Painted
from madoguchi.widgets.look.question_card import monotonic_ms
from madoguchi.widgets.look.record_views import FormView
from madoguchi.widgets.look.sentences import Sentences
from madoguchi.widgets.look.styles import scroll_style
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import Sign
from madoguchi.widgets.look.words import translate

CARD_WIDTH = 760
FRAME = 2
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FormPanel(Painted, QWidget):
    """Shows a ``FormView``. Enter goes on to the next line and never sends: a scanner types it.

    Heading and lines scroll where the panel is too low; what is wrong with all of it and the buttons stay.

    Signals:
        submitted(values): a dict of line keys and texts, as ``values()`` gives it. They are untrusted.
        cancelled(): leave the form.
        edited(key): the clerk changed a line of one line of text, or chose another of several.
    """

    submitted = Signal(object)
    edited = Signal(str)
    cancelled = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        QWidget.__init__(self, parent)
        self.look = look
        self._view: FormView | None = None
        self._card = QRect()
        self._foot = 0
        self._before_busy: QWidget | None = None
        self._held_from: int | None = None
        self._scroll = QScrollArea(self)
        self._column = FormColumn(look, self._scroll)
        self._scroll.setWidget(self._column)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._message = Sentences(look, self)
        self._submit = KeyButton(look, ButtonKind.OFFERED, self)
        self._cancel = KeyButton(look, ButtonKind.PLAIN, self)
        self._submit.clicked.connect(self._send)
        self._cancel.clicked.connect(self.cancelled)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_changed)
        self._dress()
        self._show_parts()

    def set_view(self, view: FormView | None) -> None:
        """Show this, or with None nothing: no widget holds anything of the form any more.

        What was typed stays if heading and line keys are the same; else the lines are filled from the view.

        Raises:
            ValueError: two lines have one key.
        """
        before, shown = self._view, view or FormView("", (), "")
        if len({line.key for line in shown.lines}) != len(shown.lines):
            raise ValueError("two lines have one key")
        same = view is not None and before is not None and _form_of(before) == _form_of(view)
        self._view = view
        if not same:
            self._before_busy = self._held_from = None
            self._column.renew(shown.lines)
            for key, field in self._column.fields().items():
                if isinstance(field, FormField | OneOfField):
                    field.entered.connect(partial(self._go_on, field))
                    field.edited.connect(partial(self._tell_edited, key))
        self._column.show_view(shown, fill=not same)
        self._say(shown)
        self._show_parts()
        self._order()
        self._set_busy(shown.busy)
        self._arrange()
        if not same:
            self._scroll.verticalScrollBar().setValue(0)

    def view(self) -> FormView | None:
        """What it shows."""
        return self._view

    def values(self) -> dict[str, str]:
        """What stands in the lines, by key; untrusted."""
        return {key: field.text() for key, field in self._column.fields().items()}

    def set_values(self, values: Mapping[str, str]) -> None:
        """Put these into the lines of these keys; other lines stay, other keys are passed over."""
        self._held_from = None
        for key in self._column.fields():
            if key in values:
                self._column.put(key, values[key])

    def start(self) -> None:
        """Put the focus into the first line with an error, else the first, else on the button that sends."""
        fields = [field for field in self._column.fields().values() if field.controls()]
        wrong = [field for field in fields if field.field_view().error]
        if self._view is None:
            return
        if fields:
            (wrong or fields)[0].start()
        else:
            self._submit.setFocus(Qt.FocusReason.OtherFocusReason)

    def hold(self) -> None:
        """F10 has opened the form: pressed again at once it sends nothing, until something is filled in.

        As with a question: what is pressed within the guard time begins it anew.
        """
        self._held_from = monotonic_ms()

    def _held(self) -> bool:
        now, guard = monotonic_ms(), self.look.theme.tokens.answer_guard_ms
        if self._held_from is None or now - self._held_from >= guard:
            return False
        self._held_from = now
        return True

    def press(self, key: int) -> bool:
        """Act on F10 or Escape (a ``Qt.Key``); whether it was one of them."""
        if self._view is None or key not in (Qt.Key.Key_F10, Qt.Key.Key_Escape):
            return False
        if key == Qt.Key.Key_F10:
            if not self._held():
                self._send()
        else:
            self.cancelled.emit()
        return True

    def field(self, key: str) -> Labelled:
        """The field of that line; KeyError without it."""
        return self._column.fields()[key]

    def submit_button(self) -> KeyButton:
        """The button that sends."""
        return self._submit

    def cancel_button(self) -> KeyButton:
        """The button that leaves."""
        return self._cancel

    def message_line(self) -> Sentences:
        """What is said about the whole form."""
        return self._message

    def column(self) -> FormColumn:
        """What is scrolled, for tests."""
        return self._column

    def scroll_area(self) -> QScrollArea:
        """What scrolls it, for tests."""
        return self._scroll

    # Inside -----------------------------------------------------------------------------------------

    def _say(self, view: FormView) -> None:
        self.setAccessibleName(view.heading)
        self.setAccessibleDescription(view.note)
        self._submit.set_words("F10", view.submit)
        self._cancel.set_words("Esc", view.cancel or translate("Look", "やめる"))
        if view.busy and not view.message:
            waiting = translate("Look", "送っています。お待ちください。")
            self._message.set_lines((waiting,), Sign.PENDING)
        else:
            self._message.set_lines(view.message.splitlines())

    def _show_parts(self) -> None:
        for part in (self._scroll, self._submit, self._cancel):
            part.setVisible(self._view is not None)

    def _order(self) -> None:
        """Tab goes from line to line, then to the buttons.

        The panel has no focus proxy: on its way round Tab would come to the proxy before the buttons.
        """
        fields = list(self._column.fields().values())
        controls = [control for field in fields for control in field.controls()]
        controls += [self._submit, self._cancel]
        for first, second in pairwise(controls):
            QWidget.setTabOrder(first, second)

    def _set_busy(self, busy: bool) -> None:
        """While the fields are off the column has the focus, and afterwards whatever had it before."""
        now = QApplication.focusWidget()
        if busy and now is not None and now is not self._cancel and self.isAncestorOf(now):
            self._before_busy = now
            self._column.setFocus(Qt.FocusReason.OtherFocusReason)
        self._column.set_live(not busy)
        self._submit.setEnabled(not busy)
        if not busy and self._before_busy is not None:
            if now is self._column:
                self._before_busy.setFocus(Qt.FocusReason.OtherFocusReason)
            self._before_busy = None

    def _go_on(self, field: Labelled) -> None:
        """Enter in a field: to the next line, then to the button, which it does not press."""
        fields = self._column.fields()
        behind = list(fields.values()).index(field) + 1
        passed = {line.key for line in self._view.lines if line.passed} if self._view is not None else set()
        following = [
            other for key, other in list(fields.items())[behind:] if other.controls() and key not in passed
        ]
        if following:
            following[0].start()
        else:
            self._submit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell_edited(self, key: str, _text: str) -> None:
        self._held_from = None
        self.edited.emit(key)

    def _send(self) -> None:
        if self._view is not None and not self._view.busy:
            self.submitted.emit(self.values())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call: the keys that the fields left. Enter ends here, for it is a scanner's last."""
        if event.key() in _ENTER:
            return
        if event.isAutoRepeat() and event.key() in (Qt.Key.Key_F10, Qt.Key.Key_Escape):
            return
        if not self.press(event.key()):
            event.ignore()

    def _focus_changed(self, old: QWidget | None, now: QWidget | None) -> None:
        del old
        if now is not None and self._column.isAncestorOf(now):
            self._bring_into_sight(now)

    def _bring_into_sight(self, widget: QWidget) -> None:
        bar, room = self._scroll.verticalScrollBar(), self._scroll.viewport().height()
        place = self._column.sight_of(widget, room)
        if place is not None:
            value = max(bar.value(), place.bottom() + 1 - room)
            bar.setValue(min(value, place.top()))

    # Layout and painting ----------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Qt's call."""
        return QSize(self.look.theme.px(CARD_WIDTH), self.look.theme.px(520))

    def look_changed(self) -> None:
        """Lay everything out again."""
        self._dress()
        self._column.wear(self.look)
        for part in (self._message, self._submit, self._cancel):
            part.set_look(self.look)
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
        """Qt's call: a part wants another size."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._arrange()
        return super().event(event)

    def _dress(self) -> None:
        theme = self.look.theme
        ground = f"QScrollArea {{ background: {theme.hex('surface')}; border: none; }}"
        self._scroll.setStyleSheet(ground + scroll_style(theme))

    def _arrange(self) -> None:
        if self._view is None:
            self._message.hide()
            self.update()
            return
        theme = self.look.theme
        gap, margin = theme.space(3), theme.space(2)
        width = min(theme.px(CARD_WIDTH), self.width() - 2 * theme.space(3))
        pad = min(theme.grown(40), width // 10)
        inner = width - 2 * pad
        most = self.height() - 2 * margin
        message = self._message.height_for(inner)
        foot = gap + self._buttons_height(inner) + theme.space(4)
        above = message + theme.space(1) if message else 0
        # A long message scrolls with the lines, so that these keep half of the room.
        inside = foot + above > most // 2
        home = self._column if inside else self
        if self._message.parentWidget() is not home:
            self._message.setParent(home)
        self._message.setVisible(bool(message))
        content = self._column.place(pad, inner, self._message if inside and message else None, message)
        self._foot = foot + (0 if inside else above)
        height = min(content + self._foot + FRAME, most)
        left = (self.width() - width) // 2
        top = max(margin, (self.height() - height) * 2 // 5)
        self._card = QRect(left, top, width, height)
        self._scroll.setGeometry(left + FRAME, top + FRAME, width - 2 * FRAME, height - self._foot - FRAME)
        self._column.resize(width - 2 * FRAME, content)
        y = top + height - self._foot + gap
        if not inside and message:
            self._message.setGeometry(left + pad, y, inner, message)
            y += above
        self._place_buttons(left + pad, y, inner)
        focus = QApplication.focusWidget()
        if focus is not None and self._column.isAncestorOf(focus):
            self._bring_into_sight(focus)
        self.update()

    def _in_row(self, inner: int) -> bool:
        wanted = sum(button.sizeHint().width() for button in (self._submit, self._cancel))
        return wanted + control_gap(self.look.theme) <= inner

    def _buttons_height(self, inner: int) -> int:
        one = self._submit.wanted_height()
        return one if self._in_row(inner) else 2 * one + control_gap(self.look.theme)

    def _place_buttons(self, x: int, y: int, inner: int) -> None:
        apart, height = control_gap(self.look.theme), self._submit.wanted_height()
        if self._in_row(inner):
            cancel = self._cancel.sizeHint().width()
            self._submit.setGeometry(x, y, inner - apart - cancel, height)
            self._cancel.setGeometry(x + inner - cancel, y, cancel, height)
        else:
            self._submit.setGeometry(x, y, inner, height)
            self._cancel.setGeometry(x, y + height + apart, inner, height)

    def draw(self, canvas: Canvas) -> None:
        """Paint ground and card; the parts paint themselves."""
        canvas.fill(self.rect(), "ground")
        if self._view is None:
            return
        card = self._card
        canvas.box(card, border="lineStrong", fill="surface", radius=canvas.theme.radius("card"))
        if self._column.height() > self._scroll.height():
            canvas.hline(card.left() + 1, card.right() - 1, card.bottom() + 1 - self._foot)


def _form_of(view: FormView) -> tuple[object, ...]:
    """What has to be the same for what was typed to stay."""
    return (view.heading, *((line.key, line.kind) for line in view.lines))
