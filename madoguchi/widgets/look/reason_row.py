"""The reasons that can be chosen for the unusual answer: a row of radio buttons that wraps."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QRadioButton, QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink, text_width
from madoguchi.widgets.look.icons import Icon
from madoguchi.widgets.look.painted import Lookable, Painted
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import ReasonView
from madoguchi.widgets.look.words import translate


def draw_chip(canvas: Canvas, chip: QWidget, *, marked: bool) -> str:
    """The box of a chip, strong if it is marked and dashed if it is off; return the colour of its words."""
    off = not chip.isEnabled()
    colour = "ink2" if off else "accent" if marked else "ink"
    canvas.box(
        chip.rect(),
        border="accent" if marked and not off else "lineStrong",
        width=2 if marked else 1,
        radius=canvas.theme.radius("control"),
        fill="surfaceAlt" if off else "accentTint" if marked else "surface",
        dashed=off,
    )
    return colour


class ReasonButton(Painted, QRadioButton):
    """One reason. Space or the arrow keys choose it; Enter does not."""

    def __init__(self, look: Look, reason: ReasonView, parent: QWidget) -> None:
        QRadioButton.__init__(self, parent)
        self.look = look
        self.reason = reason
        self.set_word(reason.word)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_word(self, word: str) -> None:
        """Say this."""
        self.reason = ReasonView(self.reason.key, word)
        self.setText(word.replace("&", "&&"))
        self.setAccessibleName(word)
        self.updateGeometry()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's call."""
        Painted.paintEvent(self, event)

    def hitButton(self, pos: object) -> bool:
        """Qt's call: the whole chip can be pressed, not only where Qt would draw a radio button."""
        del pos
        return True

    def sizeHint(self) -> QSize:
        """Qt's call."""
        theme = self.look.theme
        width = text_width(theme, self.reason.word, Ink("body", bold=True)) + theme.px(22)
        height = max(theme.tokens.size_px["targetMin"], theme.line("body") + theme.grown(16))
        return QSize(round(width) + 2 + theme.space(2) + 2 * theme.grown(10), height)

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        theme, chosen = canvas.theme, self.isChecked()
        colour = draw_chip(canvas, self, marked=chosen)
        icon = theme.px(22)
        left = theme.grown(10)
        picture = Icon.CHOSEN if chosen else Icon.NOT_CHOSEN
        canvas.icon(left + icon // 2, self.height() // 2, icon, picture, colour)
        left += icon + theme.space(2)
        room = QRect(left, 0, self.width() - left - theme.space(1), self.height())
        canvas.text(room, self.reason.word, Ink("body", bold=chosen, colour=colour))


class ReasonRow(Lookable, QWidget):
    """The reasons, none of them chosen at first.

    Signals:
        chosen(key): this reason is now the chosen one.
    """

    chosen = Signal(str)

    def __init__(self, look: Look, parent: QWidget) -> None:
        QWidget.__init__(self, parent)
        self.look = look
        self.setAccessibleName(translate("Look", "理由"))
        self._buttons: list[ReasonButton] = []

    def set_reasons(self, reasons: tuple[ReasonView, ...]) -> None:
        """Offer these."""
        for button in self._buttons:
            button.hide()
            button.setParent(None)
            button.deleteLater()
        self._buttons = [ReasonButton(self.look, reason, self) for reason in reasons]
        for button in self._buttons:
            button.toggled.connect(lambda on, key=button.reason.key: self.chosen.emit(key) if on else None)
            button.show()
        self._arrange(self.width())

    def buttons(self) -> tuple[ReasonButton, ...]:
        """The reasons in order."""
        return tuple(self._buttons)

    def chosen_key(self) -> str:
        """Key of the chosen reason, or an empty string."""
        return next((button.reason.key for button in self._buttons if button.isChecked()), "")

    def height_for(self, width: int) -> int:
        """Height in px the reasons take at this width; 0 without any."""
        return max((rect.bottom() + 1 for rect in self._places(width)), default=0)

    def look_changed(self) -> None:
        """Lay the reasons out again."""
        for button in self._buttons:
            button.look = self.look
        self._arrange(self.width())

    def resizeEvent(self, event: object) -> None:
        """Qt's call."""
        del event
        self._arrange(self.width())

    def _places(self, width: int) -> list[QRect]:
        # 14 px between two controls: each keeps the 6 px its focus ring needs.
        gap = max(14, self.look.theme.space(3))
        left = top = 0
        places = []
        for button in self._buttons:
            size = button.sizeHint()
            wide = min(size.width(), width)
            if left and left + wide > width:
                left, top = 0, top + size.height() + gap
            places.append(QRect(left, top, wide, size.height()))
            left += wide + gap
        return places

    def _arrange(self, width: int) -> None:
        for button, place in zip(self._buttons, self._places(width), strict=True):
            button.setGeometry(place)
