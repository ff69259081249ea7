"""What all lines of a form have: a label above the control, below it the sentence that says what is right."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink, text_width
from madoguchi.widgets.look.controls import control_height
from madoguchi.widgets.look.flow import block_height, draw_block
from madoguchi.widgets.look.icons import Icon
from madoguchi.widgets.look.painted import Painted
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import FieldView
from madoguchi.widgets.look.words import translate

RING = 8
_LABEL = Ink("label", bold=True)
_QUIET = Ink("label", colour="ink2")
_ERROR = Ink("label", bold=True, colour="refused")


class ErrorMark(Painted, QWidget):
    """The sign inside a field with an error; the pointer goes through it to the field."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        QWidget.__init__(self, parent)
        self.look = look
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        middle = self.height() // 2
        canvas.icon(self.width() // 2, middle, canvas.theme.px(24), Icon.ERROR, "refused")


class Labelled(Painted, QWidget):
    """Shows a ``FieldView`` around a control that a subclass places.

    With ``wraps``, label and sentence take as many lines as they need and ``height_for`` says how high that
    is; without, each is on one line, made smaller where it must be.
    """

    def __init__(self, look: Look, parent: QWidget | None = None, *, wraps: bool = False) -> None:
        QWidget.__init__(self, parent)
        self.look = look
        self._view = FieldView("")
        self._wraps = wraps
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_view(self, view: FieldView) -> None:
        """Show label, whether it is required, and the error or hint below."""
        self._view = view
        self.say(f"{view.label} {self._required()}".strip(), view.error or view.hint)
        self.dress()
        self.updateGeometry()
        self.update()

    def field_view(self) -> FieldView:
        """What it shows."""
        return self._view

    # What a subclass has to say ---------------------------------------------------------------------

    def text(self) -> str:
        """What stands there; untrusted."""
        raise NotImplementedError

    def set_text(self, text: str) -> None:
        """Have this stand there, with nothing of before for Undo to bring back."""
        raise NotImplementedError

    def controls(self) -> tuple[QWidget, ...]:
        """What can have the focus, in order."""
        raise NotImplementedError

    def start(self) -> None:
        """Take the focus."""
        for control in self.controls()[:1]:
            control.setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, name: str, description: str) -> None:
        """Tell a screen reader what the control is called, and what is right."""
        raise NotImplementedError

    def dress(self) -> None:
        """Wear the look, and the error if there is one."""
        raise NotImplementedError

    def control_height_for(self, width: int) -> int:
        """Height in px of the control at this width."""
        del width
        return control_height(self.look.theme)

    def place_control(self, place: QRect) -> None:
        """Put the control there."""
        raise NotImplementedError

    # Layout and painting ----------------------------------------------------------------------------

    def look_changed(self) -> None:
        """Dress the control anew."""
        self.dress()
        self._arrange()

    def height_for(self, width: int) -> int:
        """Height in px at this width."""
        theme = self.look.theme
        room = width - 2 * RING
        below = self._below_height(room)
        height = self._label_height(room) + theme.space(2) + self.control_height_for(room) + RING
        return height + (below + theme.space(2) if below else 0)

    def sizeHint(self) -> QSize:
        """Qt's call."""
        width = self.look.theme.px(372)
        return QSize(width, self.height_for(width))

    def minimumSizeHint(self) -> QSize:
        """Qt's call."""
        return QSize(self.look.theme.px(160), self.sizeHint().height())

    def resizeEvent(self, event: object) -> None:
        """Qt's call."""
        del event
        self._arrange()

    def _required(self) -> str:
        return translate("Look", "必須") if self._view.required else ""

    def _below(self) -> str:
        return self._view.error or self._view.hint

    def _below_left(self) -> int:
        theme = self.look.theme
        return theme.px(20) + theme.space(1) if self._view.error else 0

    def _required_px(self) -> int:
        return round(text_width(self.look.theme, self._required(), _QUIET)) + 1

    def _label_room(self, room: int) -> int:
        return room - self._required_px() - self.look.theme.space(2)

    def _label_height(self, room: int) -> int:
        theme = self.look.theme
        line = theme.line("label")
        if not self._wraps:
            return line
        return max(line, block_height(theme, self._view.label, _LABEL, self._label_room(room)))

    def _below_height(self, room: int) -> int:
        theme, text = self.look.theme, self._below()
        if not self._wraps:
            return theme.line("label") if text else 0
        ink = _ERROR if self._view.error else _QUIET
        return block_height(theme, text, ink, room - self._below_left())

    def _arrange(self) -> None:
        room = self.width() - 2 * RING
        top = self._label_height(room) + self.look.theme.space(2)
        self.place_control(QRect(RING, top, room, self.control_height_for(room)))

    def draw(self, canvas: Canvas) -> None:
        """Paint label and sentence; the control paints itself."""
        theme, view = canvas.theme, self._view
        room, line = self.width() - 2 * RING, theme.line("label")
        high = self._label_height(room)
        most = self._label_room(room)
        label_px = min(round(text_width(theme, view.label, _LABEL)) + 1, most)
        if high > line:
            label_px = most
            draw_block(canvas, RING, 0, label_px, view.label, _LABEL)
        else:
            canvas.text(QRect(RING, 0, label_px, line), view.label, _LABEL)
        if view.required:
            left = RING + label_px + theme.space(2)
            canvas.text(QRect(left, 0, self._required_px(), line), self._required(), _QUIET)
        if not self._below():
            return
        top = high + 2 * theme.space(2) + self.control_height_for(room)
        left = RING + self._below_left()
        if view.error:
            icon = theme.px(20)
            canvas.icon(RING + icon // 2, top + line // 2, icon, Icon.ERROR, "refused")
        ink = _ERROR if view.error else _QUIET
        width = room - self._below_left()
        if self._wraps:
            draw_block(canvas, left, top, width, self._below(), ink)
        else:
            canvas.text(QRect(left, top, width, line), self._below(), ink)
