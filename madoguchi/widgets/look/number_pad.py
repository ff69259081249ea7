"""The number pad: a number or a day entered by mouse or touch alone, between list and strip."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink, least_width
from madoguchi.widgets.look.controls import ButtonKind
from madoguchi.widgets.look.flow import block_height, control_gap, draw_block
from madoguchi.widgets.look.painted import Painted, Readout
from madoguchi.widgets.look.panel_views import NumberPadView
from madoguchi.widgets.look.question_card import FRAME, AnswerButton
from madoguchi.widgets.look.runs import ELLIPSIS, plain
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.words import translate

ROWS = ("12345", "67890")
_HEADING = Ink("heading", bold=True)
_HINT = Ink("label", colour="ink2")
_TYPED = Ink("date", bold=True, number=True)


class PadKey(AnswerButton):
    """A key of the pad: a figure or a word in its middle. A press with the mouse leaves the focus alone."""

    def __init__(self, look: Look, kind: ButtonKind, parent: QWidget) -> None:
        super().__init__(look, kind, parent)
        self._offered = kind is ButtonKind.OFFERED
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        fill, border, ink = (
            ("accent", "accent", "onAccent") if self._offered else ("surface", "lineStrong", "ink")
        )
        radius = canvas.theme.radius("control")
        canvas.box(self.rect(), border=border, width=1.5, radius=radius, fill=fill)
        if self.isDown():
            canvas.box(self.rect().adjusted(3, 3, -3, -3), border=ink, width=1, radius=radius)
        word = self.word()
        role = Ink("date" if len(word) == 1 and word.isdigit() else "body", bold=True, colour=ink)
        pad = canvas.theme.space(1)
        canvas.text(self.rect().adjusted(pad, 0, -pad, 0), word, role, Qt.AlignmentFlag.AlignHCenter)


class TypedLine(Readout):
    """What is typed so far. Too long for its box, its end is shown: that is where typing goes on."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(look, parent)
        self._typed = ""

    def set_typed(self, typed: str) -> None:
        """Show this."""
        self._typed = plain(typed)
        self.speak(self._typed or translate("Look", "未入力"))
        self.update()

    def wanted_height(self) -> int:
        """Height in px in this look."""
        theme = self.look.theme
        return max(theme.tokens.size_px["targetMin"], theme.line("date") + theme.grown(12))

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        theme = canvas.theme
        canvas.box(
            self.rect(), border="lineStrong", width=1.5, radius=theme.radius("control"), fill="surfaceAlt"
        )
        pad = theme.space(3)
        room = self.rect().adjusted(pad, 0, -pad, 0)
        if not self._typed:
            canvas.text(room, self.text(), _HINT)
            return
        shown = self._typed
        while least_width(theme, shown, _TYPED) > room.width() and len(shown) > 2:
            shown = ELLIPSIS + shown[2:]
        canvas.text(room, shown, _TYPED)


class NumberPad(Painted, QWidget):
    """Shows a ``NumberPadView`` and tells which key of the pad was pressed; it keeps no number itself.

    It is not modal and never takes the keyboard's focus by itself: typing and scanning go on beside it. By
    keyboard its keys are reached with Tab and pressed with the space bar; Enter, a scanner's suffix, presses
    nothing here.

    Signals:
        digit(figure): "0" to "9".
        erased(): take the last figure away.
        cleared(): take all figures away.
        entered(): what is typed is complete.
        closed(): put the pad away.
    """

    digit = Signal(str)
    erased = Signal()
    cleared = Signal()
    entered = Signal()
    closed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        QWidget.__init__(self, parent)
        self.look = look
        self._view: NumberPadView | None = None
        self._typed = TypedLine(look, self)
        self._keys: dict[str, PadKey] = {}
        for row, (edit, end) in zip(ROWS, (("erase", "enter"), ("clear", "close")), strict=True):
            for name in (*row, edit, end):
                kind = ButtonKind.OFFERED if name == "enter" else ButtonKind.PLAIN
                self._keys[name] = PadKey(look, kind, self)
        for figure in "".join(ROWS):
            self._keys[figure].clicked.connect(
                lambda _checked=False, pressed=figure: self.digit.emit(pressed)
            )
        for name, told in (
            ("erase", self.erased),
            ("clear", self.cleared),
            ("enter", self.entered),
            ("close", self.closed),
        ):
            self._keys[name].clicked.connect(told)
        self.hide()

    def set_view(self, view: NumberPadView | None) -> None:
        """Hold this to be seen where the pad stands; None hides the pad and forgets what was typed."""
        self._view = view
        shown = view or NumberPadView("")
        self.setAccessibleName(shown.heading)
        self.setAccessibleDescription(shown.hint)
        self._typed.set_typed(shown.typed)
        words = {
            "erase": translate("Look", "1字消す"),
            "clear": translate("Look", "全部消す"),
            "enter": translate("Look", "決定"),
            "close": translate("Look", "閉じる"),
        }
        for name, key in self._keys.items():
            key.set_words("", words.get(name, name))
        self._arrange()
        if view is None:
            self.hide()
        self.update()

    def view(self) -> NumberPadView | None:
        """What the pad holds; None once it was put away."""
        return self._view

    def key(self, name: str) -> PadKey:
        """The key of a figure ("0" to "9"), or ``erase``, ``clear``, ``enter``, ``close``."""
        return self._keys[name]

    # Layout and painting ----------------------------------------------------------------------------

    def height_for(self, width: int) -> int:
        """Height in px the pad takes at this width."""
        return self._keys_top(width) + 2 * self._key_height() + self._gap() + self._below()

    def sizeHint(self) -> QSize:
        """Qt's call."""
        width = self.width() or self.look.theme.px(800)
        return QSize(width, self.height_for(width))

    def look_changed(self) -> None:
        """Lay everything out again."""
        for part in (*self._keys.values(), self._typed):
            part.set_look(self.look)
        self._arrange()

    def resizeEvent(self, event: object) -> None:
        """Qt's call."""
        del event
        self._arrange()

    def _gap(self) -> int:
        return control_gap(self.look.theme)

    def _pad(self) -> int:
        return self.look.theme.grown(21)

    def _top(self) -> int:
        return self.look.theme.grown(12)

    def _below(self) -> int:
        return self.look.theme.grown(15)

    def _key_height(self) -> int:
        return max(key.wanted_height() for key in self._keys.values())

    def _box_width(self, width: int) -> int:
        return (width - 2 * self._pad()) * 2 // 5

    def _words_width(self, width: int) -> int:
        return width - 2 * self._pad() - self._box_width(width) - self.look.theme.space(4)

    def _words_height(self, width: int) -> int:
        theme, view = self.look.theme, self._view or NumberPadView("")
        room = self._words_width(width)
        return block_height(theme, view.heading, _HEADING, room) + block_height(theme, view.hint, _HINT, room)

    def _head_height(self, width: int) -> int:
        return max(self._words_height(width), self._typed.wanted_height())

    def _keys_top(self, width: int) -> int:
        return self._top() + self._head_height(width) + self.look.theme.grown(12)

    def _arrange(self) -> None:
        width, pad, gap = self.width(), self._pad(), self._gap()
        inner = width - 2 * pad
        box, box_height = self._box_width(width), self._typed.wanted_height()
        top = self._top() + (self._head_height(width) - box_height) // 2
        self._typed.setGeometry(width - pad - box, top, box, box_height)
        named = [self._keys[name].sizeHint().width() for name in ("erase", "clear", "enter", "close")]
        # The figures are what is pressed most: the words take no more than 18 % of the width each.
        word = min(max(named), inner * 18 // 100)
        figure = (inner - 2 * word - 6 * gap) // 5
        height = self._key_height()
        y = self._keys_top(width)
        keys = iter(self._keys.values())
        for _row in ROWS:
            x = pad
            for wide in (figure,) * 5 + (word,) * 2:
                next(keys).setGeometry(x, y, wide, height)
                x += wide + gap
            y += height + gap

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's call."""
        del event
        painter = QPainter(self)
        self.draw(Canvas(painter, self.look.theme, pixel_ratio=self.devicePixelRatioF()))
        painter.end()

    def draw(self, canvas: Canvas) -> None:
        """Paint the frame and what is asked for; the keys and the typed line paint themselves."""
        if self._view is None:
            return
        canvas.fill(self.rect(), "ground")
        canvas.box(
            self.rect(), border="accent", width=FRAME, radius=canvas.theme.radius("card"), fill="surface"
        )
        width = self.width()
        left, room = self._pad(), self._words_width(width)
        top = self._top() + (self._head_height(width) - self._words_height(width)) // 2
        top = draw_block(canvas, left, top, room, self._view.heading, _HEADING)
        draw_block(canvas, left, top, room, self._view.hint, _HINT)
