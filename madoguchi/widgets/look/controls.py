"""Buttons with a key cap, and the style sheet for Qt's own controls."""

from __future__ import annotations

import enum

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink, cap_height, cap_width, text_width
from madoguchi.widgets.look.painted import Painted
from madoguchi.widgets.look.theme import MINIMUM_TEXT_PX, Look, Theme


class ButtonKind(enum.Enum):
    """How a button is painted: the offered act, a plain one, one out of the ordinary, or quietly."""

    OFFERED = "offered"
    PLAIN = "plain"
    UNUSUAL = "unusual"
    QUIET = "quiet"


_COLOURS = {
    ButtonKind.OFFERED: ("accent", "accent", "onAccent"),
    ButtonKind.PLAIN: ("surface", "lineStrong", "ink"),
    ButtonKind.UNUSUAL: ("surface", "refused", "refused"),
    ButtonKind.QUIET: ("surface", "surface", "ink"),
}


class KeyButton(Painted, QAbstractButton):
    """A button that names its key: cap, word, and a second line if there is one.

    Enter presses nothing, because a scanner ends every code with it, and is left to the window, where it ends
    a typed number; ``takes_enter`` is for the sign-in panel, where no scan is awaited.
    """

    def __init__(
        self,
        look: Look,
        kind: ButtonKind = ButtonKind.PLAIN,
        parent: QWidget | None = None,
        *,
        takes_enter: bool = False,
    ) -> None:
        QAbstractButton.__init__(self, parent)
        self.look = look
        self._kind = kind
        self._takes_enter = takes_enter
        self._key = ""
        self._detail = ""
        self._stacked = False
        self._px = (0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_words(self, key: str, word: str, detail: str = "") -> None:
        """Show key, word and the second line."""
        self._key, self._detail = key, detail
        # Qt would take a single ampersand for a mnemonic, which answers to a letter key.
        self.setText(word.replace("&", "&&"))
        self.setAccessibleName(f"{key} {word}".strip())
        self.setAccessibleDescription(detail)
        self.updateGeometry()
        self.update()

    def set_stacked(self, stacked: bool) -> None:
        """Set the key above the words instead of beside them."""
        if stacked != self._stacked:
            self._stacked = stacked
            self.updateGeometry()
            self.update()

    def set_text_px(self, word: int, detail: int) -> None:
        """Write word and second line so large, as the buttons beside do; 0 is the usual size."""
        if (word, detail) != self._px:
            self._px = (word, detail)
            self.update()

    def fitting_px(self, width: int) -> tuple[int, int]:
        """The largest sizes, not under 16 px, at which word and second line fit a button of this width."""
        return (
            self._fitting(self.word(), "body", width, bold=True),
            self._fitting(self._detail, "label", width, bold=False),
        )

    def _fitting(self, text: str, role: str, width: int, *, bold: bool) -> int:
        theme = self.look.theme
        room = width - self._words_left() - theme.grown(10)
        for px in range(theme.type_px(role), MINIMUM_TEXT_PX, -1):
            if text_width(theme, text, Ink(role, bold=bold, px=px)) <= room:
                return px
        return MINIMUM_TEXT_PX

    def _words_left(self) -> int:
        theme = self.look.theme
        beside = bool(self._key) and not self._stacked
        return theme.grown(12) + (cap_width(theme, self._key) + theme.grown(10) if beside else 0)

    def word(self) -> str:
        """The word on it."""
        return self.text().replace("&&", "&")

    def sizeHint(self) -> QSize:
        """Qt's call."""
        return QSize(self.width_beside(), self.wanted_height())

    def width_beside(self) -> int:
        """Width in px with the words in full size beside the key."""
        theme = self.look.theme
        width = text_width(theme, self.word(), Ink("body", bold=True))
        if self._detail:
            width = max(width, text_width(theme, self._detail, Ink("label")))
        if not self.text():
            return cap_width(theme, self._key) + 2 * theme.grown(12)
        pad = theme.grown(12) * 2 + (cap_width(theme, self._key) + theme.grown(10) if self._key else 0)
        return round(width) + pad + 2

    def minimumSizeHint(self) -> QSize:
        """Qt's call."""
        return QSize(self.look.theme.px(88), self.wanted_height())

    def wanted_height(self) -> int:
        """Height in px: one line or two, never under the size a finger needs."""
        theme = self.look.theme
        stacked = cap_height(theme) + theme.space(2) if self._stacked else 0
        if self._detail or stacked:
            return theme.line("body") + theme.line("label") + theme.grown(20) + stacked
        return max(theme.tokens.size_px["targetMin"], theme.line("body") + theme.grown(23))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not self._takes_enter:
                event.ignore()
            elif not event.isAutoRepeat():
                self.click()
            return
        super().keyPressEvent(event)

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        theme = canvas.theme
        fill, border, ink = _COLOURS[self._kind]
        if not self.isEnabled():
            fill, border, ink = "surfaceAlt", "lineStrong", "ink2"
        rect, off = self.rect(), not self.isEnabled()
        if self._kind is ButtonKind.QUIET:
            # its cap is what shows that it can be pressed
            canvas.fill(rect, fill)
        else:
            canvas.box(rect, border=border, width=1.5, radius=theme.radius("control"), fill=fill, dashed=off)
        if self.isDown():
            canvas.box(rect.adjusted(3, 3, -3, -3), border=ink, width=1, radius=theme.radius("control"))
        top = 0
        if self._key and self._stacked:
            canvas.cap(theme.grown(12), theme.grown(10) + cap_height(theme) // 2, self._key, ink)
            top = theme.grown(10) + cap_height(theme) + theme.space(2) - theme.grown(10)
        elif self._key:
            canvas.cap(theme.grown(12), rect.center().y() + 1, self._key, ink, dashed=off)
        if not self.text():
            return
        left = self._words_left()
        room = rect.width() - left - theme.grown(10)
        word = Ink("body", bold=True, colour=ink, px=self._px[0])
        height = rect.height() - top
        if not self._detail:
            canvas.text(QRect(left, top, room, height), self.word(), word)
            return
        upper, lower = theme.line("body"), theme.line("label")
        top += (height - upper - lower) // 2
        canvas.text(QRect(left, top, room, upper), self.word(), word)
        detail = Ink("label", colour=ink, px=self._px[1])
        canvas.text(QRect(left, top + upper, room, lower), self._detail, detail)


def families(theme: Theme, *, number: bool = False) -> str:
    """The faces as a style sheet writes them."""
    return ", ".join(f'"{family}"' for family in (theme.faces.number if number else theme.faces.text))


def control_style(theme: Theme, *, error: bool = False, number: bool = False) -> str:
    """The style sheet of a line edit; ``error`` gives it the 3 px frame, ``number`` the number face."""
    border = f"3px solid {theme.hex('refused')}" if error else f"1px solid {theme.hex('lineStrong')}"
    pad = theme.space(3) - (3 if error else 1)
    return (
        f"QLineEdit {{ background: {theme.hex('surface')}; color: {theme.hex('ink')};"
        f" selection-background-color: {theme.hex('accent')}; selection-color: {theme.hex('onAccent')};"
        f" placeholder-text-color: {theme.hex('ink2')};"
        f" border: {border}; border-radius: {theme.radius('control')}px; padding: 0 {pad}px;"
        f" font-family: {families(theme, number=number)}; font-size: {theme.type_px('body')}px; }}"
        f"QLineEdit:disabled {{ background: {theme.hex('surfaceAlt')}; color: {theme.hex('ink2')}; }}"
    )


def control_height(theme: Theme) -> int:
    """Height of a line edit."""
    return max(theme.tokens.size_px["targetMin"], theme.line("body") + theme.grown(23))
