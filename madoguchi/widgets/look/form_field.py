"""A labelled line of a form: label above, the field, and below it the sentence that says what is right."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink, text_width
from madoguchi.widgets.look.controls import control_height, control_style
from madoguchi.widgets.look.icons import Icon
from madoguchi.widgets.look.painted import Painted
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import FieldView
from madoguchi.widgets.look.words import translate

RING = 8
LONGEST_INPUT = 500
FORGOTTEN_AFTER_MS = 10_000
"""How long a password that is half typed stays where somebody else could end it."""


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


class FormField(Painted, QWidget):
    """Shows a ``FieldView`` around a line edit. An error changes neither text nor focus.

    ``secret`` hides what is typed; ``number`` sets it in the face with even figures. What stands in a
    ``fleeting`` field vanishes ten seconds after the last key.

    Signals:
        edited(text): the clerk changed the text. It is untrusted.
        entered(): Enter was pressed in the field.
    """

    edited = Signal(str)
    entered = Signal()

    def __init__(
        self,
        look: Look,
        parent: QWidget | None = None,
        *,
        secret: bool = False,
        number: bool = False,
        fleeting: bool = False,
    ) -> None:
        QWidget.__init__(self, parent)
        self.look = look
        self._view = FieldView("")
        self._edit = QLineEdit(self)
        self._edit.setMaxLength(LONGEST_INPUT)
        # Qt's own menu would open over the lock, in its own language and look; the keys do the same
        self._edit.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        if secret:
            self._edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._edit.textEdited.connect(self.edited)
        self._edit.returnPressed.connect(self.entered)
        if fleeting:
            self._forgetting = QTimer(self)
            self._forgetting.setSingleShot(True)
            self._forgetting.setInterval(FORGOTTEN_AFTER_MS)
            self._forgetting.timeout.connect(self._edit.clear)
            self._edit.textChanged.connect(self._forgetting.start)
        self._number = number
        self._mark = ErrorMark(look, self._edit)
        self._mark.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self._edit)

    def set_view(self, view: FieldView) -> None:
        """Show label, whether it is required, and the error or hint below."""
        self._view = view
        required = translate("Look", "必須") if view.required else ""
        self._edit.setAccessibleName(f"{view.label} {required}".strip())
        self._edit.setAccessibleDescription(view.error or view.hint)
        self._dress()
        self.updateGeometry()
        self.update()

    def edit(self) -> QLineEdit:
        """The line edit."""
        return self._edit

    def text(self) -> str:
        """What is in the field; untrusted."""
        return self._edit.text()

    def set_text(self, text: str) -> None:
        """Put this into the field; ``edited`` is not sent."""
        self._edit.setText(text)

    def look_changed(self) -> None:
        """Dress the line edit anew."""
        self._dress()
        self._arrange()

    def _dress(self) -> None:
        theme = self.look.theme
        error = bool(self._view.error)
        self._edit.setStyleSheet(control_style(theme, error=error, number=self._number))
        self._edit.setTextMargins(0, 0, theme.px(28) if error else 0, 0)
        self._mark.setVisible(error)

    def _below(self) -> str:
        return self._view.error or self._view.hint

    def sizeHint(self) -> QSize:
        """Qt's call."""
        theme = self.look.theme
        height = theme.line("label") + theme.space(2) + control_height(theme) + RING
        if self._below():
            height += theme.line("label") + theme.space(2)
        return QSize(theme.px(372), height)

    def minimumSizeHint(self) -> QSize:
        """Qt's call."""
        return QSize(self.look.theme.px(160), self.sizeHint().height())

    def resizeEvent(self, event: object) -> None:
        """Qt's call."""
        del event
        self._arrange()

    def _arrange(self) -> None:
        theme = self.look.theme
        top = theme.line("label") + theme.space(2)
        self._edit.setGeometry(RING, top, self.width() - 2 * RING, control_height(theme))
        side = theme.px(28)
        self._mark.look = self.look
        left = self._edit.width() - side - theme.space(2)
        self._mark.setGeometry(left, (self._edit.height() - side) // 2, side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's call."""
        del event
        painter = QPainter(self)
        self.draw(Canvas(painter, self.look.theme, pixel_ratio=self.devicePixelRatioF()))
        painter.end()

    def draw(self, canvas: Canvas) -> None:
        """Paint label and sentence; the line edit paints itself."""
        theme, view = canvas.theme, self._view
        height = theme.line("label")
        label = Ink("label", bold=True)
        required = translate("Look", "必須") if view.required else ""
        quiet = Ink("label", colour="ink2")
        required_px = round(text_width(theme, required, quiet)) + 1
        room = self.width() - 2 * RING
        label_px = min(round(text_width(theme, view.label, label)) + 1, room - required_px - theme.space(2))
        canvas.text(QRect(RING, 0, label_px, height), view.label, label)
        left = RING + label_px + theme.space(2)
        if required:
            canvas.text(QRect(left, 0, required_px, height), required, quiet)
        if not self._below():
            return
        top = self._edit.geometry().bottom() + 1 + theme.space(2)
        left = RING
        ink = quiet
        if view.error:
            icon = theme.px(20)
            canvas.icon(left + icon // 2, top + height // 2, icon, Icon.ERROR, "refused")
            left += icon + theme.space(1)
            ink = Ink("label", bold=True, colour="refused")
        canvas.text(
            QRect(left, top, room - (left - RING), height), self._below(), ink, Qt.AlignmentFlag.AlignLeft
        )
