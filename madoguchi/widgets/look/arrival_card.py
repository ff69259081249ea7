"""What somebody should know who has just signed in: the time before this one, and what is not in order."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink
from madoguchi.widgets.look.controls import KeyButton
from madoguchi.widgets.look.flags import draw_flag, flag_height
from madoguchi.widgets.look.flow import block_height, draw_block
from madoguchi.widgets.look.painted import Painted, Readout
from madoguchi.widgets.look.panel_views import ArrivalView
from madoguchi.widgets.look.question_card import SCALE_STEP
from madoguchi.widgets.look.theme import SMALLEST_SCALE, Look
from madoguchi.widgets.look.views import FlagView
from madoguchi.widgets.look.words import translate

FRAME = 3
_HEADING = Ink("heading", bold=True)
_HINT = Ink("label", colour="ink2")


class FlagList(Readout):
    """Things to notice below each other, told to a screen reader one after another."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._flags: tuple[FlagView, ...] = ()

    def set_flags(self, flags: tuple[FlagView, ...]) -> None:
        """Show these."""
        self._flags = flags
        self.speak(*(word for flag in flags for word in (flag.label, flag.detail)))
        if flags and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self.update()

    def height_for(self, width: int) -> int:
        """Height in px at this width."""
        theme = self.look.theme
        heights = [flag_height(theme, flag, width) for flag in self._flags]
        return sum(heights) + theme.space(1) * max(0, len(heights) - 1)

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        y = 0
        for flag in self._flags:
            height = flag_height(canvas.theme, flag, self.width())
            draw_flag(canvas, QRect(0, y, self.width(), height), flag)
            y += height + canvas.theme.space(1)


class ArrivalCard(Painted, QWidget):
    """Shows an ``ArrivalView`` where a question would stand. It asks nothing and takes no focus: scans go on.

    Signals:
        closed(): put the card away.
    """

    closed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        QWidget.__init__(self, parent)
        self.look = self._window_look = look
        self._view: ArrivalView | None = None
        self._flags = FlagList(look, self)
        self._close = KeyButton(look, parent=self)
        # A click must not take the focus from where the clerk types.
        self._close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._close.set_words("", translate("Look", "閉じる"))
        self._close.clicked.connect(self.closed)
        self.hide()

    def set_view(self, view: ArrivalView | None) -> None:
        """Hold this to be seen where the card stands; None hides the card and forgets it."""
        self._view = view
        shown = view or ArrivalView("", ())
        self.setAccessibleName(shown.heading)
        self.setAccessibleDescription(shown.hint)
        self._flags.set_flags(shown.flags)
        self._arrange()
        if view is None:
            self.hide()
        self.update()

    def view(self) -> ArrivalView | None:
        """What the card holds; None once it was put away."""
        return self._view

    def close_button(self) -> KeyButton:
        """The button that puts the card away."""
        return self._close

    def flag_list(self) -> FlagList:
        """The things to notice."""
        return self._flags

    # Layout and painting ----------------------------------------------------------------------------

    def fit(self, width: int, room: int) -> int:
        """Wear the largest text, from the window's scale down to 100 %, that leaves the card whole.

        Returns its height in px at this width, more than ``room`` only if even 100 % is too large for it.
        """
        theme = self._window_look.theme
        smaller = range(round(theme.text_scale * 100), round(SMALLEST_SCALE * 100), -SCALE_STEP)
        for percent in (*smaller, round(SMALLEST_SCALE * 100)):
            self._wear(Look(replace(theme, text_scale=percent / 100), self._window_look.layout))
            height = self.height_for(width)
            if height <= room:
                break
        return height

    def height_for(self, width: int) -> int:
        """Height in px the card takes at this width."""
        theme = self.look.theme
        return (
            theme.grown(12) + self._head_height(width) + theme.space(2)
            + self._flags.height_for(width - 2 * self._pad()) + theme.grown(15)
        )  # fmt: skip

    def sizeHint(self) -> QSize:
        """Qt's call."""
        width = self.width() or self.look.theme.px(800)
        return QSize(width, self.height_for(width))

    def look_changed(self) -> None:
        """Lay everything out again."""
        self._window_look = self.look
        self._wear(self.look)

    def resizeEvent(self, event: object) -> None:
        """Qt's call."""
        del event
        self._arrange()

    def _wear(self, look: Look) -> None:
        self.look = look
        for part in (self._flags, self._close):
            if part.look != look:
                part.set_look(look)
        self._arrange()
        self.update()

    def _pad(self) -> int:
        return self.look.theme.grown(21)

    def _words_width(self, width: int) -> int:
        return width - 2 * self._pad() - self._close.sizeHint().width() - self.look.theme.space(4)

    def _head_height(self, width: int) -> int:
        view, room = self._view or ArrivalView("", ()), self._words_width(width)
        theme = self.look.theme
        words = block_height(theme, view.heading, _HEADING, room) + block_height(
            theme, view.hint, _HINT, room
        )
        return max(words, self._close.wanted_height() + theme.space(2))

    def _arrange(self) -> None:
        theme, pad, width = self.look.theme, self._pad(), self.width()
        top, button = theme.grown(12), self._close.sizeHint()
        self._close.setGeometry(width - pad - button.width(), top, button.width(), button.height())
        flags = top + self._head_height(width) + theme.space(2)
        inner = max(0, width - 2 * pad)
        self._flags.setGeometry(pad, flags, inner, self._flags.height_for(inner))

    def draw(self, canvas: Canvas) -> None:
        """Paint the frame, the heading and the hint; flags and button paint themselves."""
        if self._view is None:
            return
        theme, left, room = canvas.theme, self._pad(), self._words_width(self.width())
        canvas.fill(self.rect(), "ground")
        canvas.box(self.rect(), border="accent", width=FRAME, radius=theme.radius("card"), fill="surface")
        top = draw_block(canvas, left, theme.grown(12), room, self._view.heading, _HEADING)
        draw_block(canvas, left, top, room, self._view.hint, _HINT)
