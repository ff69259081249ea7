"""The rail of function keys at the left edge, in the keyboard's own groups of four."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink, cap_width, text_width
from madoguchi.widgets.look.focus_ring import REACH
from madoguchi.widgets.look.painted import Lookable, Painted
from madoguchi.widgets.look.theme import Layout, Look
from madoguchi.widgets.look.views import RailItem, RailView
from madoguchi.widgets.look.words import translate

FIRST_ANSWER_KEY = 9
LAST_ANSWER_KEY = 11
LAST_TASK_KEY = 8


class RailKey(Painted, QAbstractButton):
    """One key of the rail: cap, word, and the count that waits behind it."""

    def __init__(self, look: Look, number: int, parent: QWidget) -> None:
        QAbstractButton.__init__(self, parent)
        self.look = look
        self._item = RailItem(number, "")
        self._current = False
        self._silent = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_item(self, item: RailItem, *, current: bool, silent: bool) -> None:
        """Show this item; ``silent`` takes its cap away while a question is open."""
        self._item, self._current, self._silent = item, current, silent
        self.setEnabled(item.enabled and not silent)
        self.setText(item.word.replace("&", "&&"))
        self.setAccessibleName(f"F{item.key} {item.word}")
        state = [translate("Look", "表示中")] if current else []
        if item.badge:
            state.append(translate("Look", "{count}件").format(count=item.badge))
        self.setAccessibleDescription(" ".join(state))
        self.update()

    def focus_ring_rect(self) -> QRect:
        """Where the focus ring goes: inside the key, because the rail touches the window's edge."""
        return self.rect().adjusted(REACH, REACH, -REACH, -REACH)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call. Enter is a scanner's last character, so it presses nothing."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's call."""
        del event
        painter = QPainter(self)
        self.draw(Canvas(painter, self.look.theme, pixel_ratio=self.devicePixelRatioF()))
        painter.end()

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        theme, item = canvas.theme, self._item
        ground, ink = self._colours()
        rect = self.rect().adjusted(0, 0, 0, -1) if item.offered and not self._current else self.rect()
        canvas.fill(rect, ground)
        if item.offered and not self._current:
            canvas.fill(QRect(0, rect.top(), 6, rect.height()), "accent")
        if not self._current and not item.offered:
            canvas.vline(self.width() - 1, 0, self.height() - 1)
        middle = self.height() // 2
        cap_left = theme.grown(10)
        cap_px = cap_width(theme, "F10")
        if self._silent:
            name = Ink("label", colour=ink, number=True)
            canvas.text(
                QRect(cap_left, 0, cap_px, self.height()), f"F{item.key}", name, Qt.AlignmentFlag.AlignHCenter
            )
        else:
            border = ink if item.enabled or self._current else "lineStrong"
            canvas.cap(cap_left, middle, f"F{item.key}", ink, border=border, most=self.height() - 4)
        left = cap_left + cap_px + theme.grown(8)
        right = self.width() - theme.grown(6)
        if item.badge:
            right = self._badge(canvas, right) - theme.grown(4)
        word = Ink("body", bold=self._current or item.offered, colour=ink)
        room = right - left
        wide = self.look.layout is Layout.WIDE
        text = item.word if wide or not item.short else item.short
        if text_width(theme, text, word) > room and item.short:
            text = item.short
        canvas.text(QRect(left, 0, room, self.height()), text, word)

    def _colours(self) -> tuple[str, str]:
        if self._current:
            return "accent", "onAccent"
        if self._item.offered:
            return "accentTint", "accent"
        dim = self._silent or not self._item.enabled
        return "surfaceAlt", "ink2" if dim else "ink"

    def _badge(self, canvas: Canvas, right: int) -> int:
        theme = canvas.theme
        ink = Ink("label", bold=True, colour="onRefused", number=True)
        count = str(self._item.badge)
        width = max(theme.grown(22), round(text_width(theme, count, ink)) + theme.grown(10))
        height = min(self.height() - 4, theme.line("label") + theme.grown(6))
        rect = QRect(right - width, (self.height() - height) // 2, width, height)
        canvas.box(rect, fill="refused", radius=theme.radius("control"))
        canvas.text(rect, count, ink, Qt.AlignmentFlag.AlignHCenter)
        return rect.left()


class TaskRail(Lookable, QWidget):
    """The twelve keys.

    Signals:
        chosen(key): a key was pressed with the mouse or the space bar; 1..12.
    """

    chosen = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        QWidget.__init__(self, parent)
        self.look = look
        self.setAccessibleName(translate("Look", "業務の一覧"))
        self._keys: dict[int, RailKey] = {}
        for number in range(1, 13):
            key = RailKey(look, number, self)
            key.clicked.connect(lambda _checked=False, pressed=number: self.chosen.emit(pressed))
            self._keys[number] = key

    def set_view(self, view: RailView) -> None:
        """Show these keys. A key without an item is empty and cannot be pressed."""
        items = {item.key: item for item in view.items}
        for number, key in self._keys.items():
            item = items.get(number, RailItem(number, "—", enabled=False))
            silent = view.asking and number <= LAST_TASK_KEY
            key.show_item(item, current=number == view.current, silent=silent)

    def key(self, number: int) -> RailKey:
        """The key 1..12."""
        return self._keys[number]

    def wanted_width(self) -> int:
        """Width in px in this look."""
        theme = self.look.theme
        base = {Layout.WIDE: theme.tokens.size_px["rail"], Layout.COMPACT: 132, Layout.NARROW: 112}
        return theme.px(base[self.look.layout])

    def sizeHint(self) -> QSize:
        """Qt's call."""
        return QSize(self.wanted_width(), 12 * self.look.theme.tokens.size_px["railItem"])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's call."""
        del event
        painter = QPainter(self)
        canvas = Canvas(painter, self.look.theme)
        canvas.fill(self.rect(), "surfaceAlt")
        canvas.vline(self.width() - 1, 0, self.height() - 1)
        painter.end()

    def resizeEvent(self, event: object) -> None:
        """Qt's call."""
        del event
        self._arrange()

    def look_changed(self) -> None:
        """Lay the keys out again."""
        self._arrange()

    def _arrange(self) -> None:
        """Share the height: full keys and gaps, then smaller gaps, then lower keys; all twelve show."""
        theme = self.look.theme
        wanted = theme.px(theme.tokens.size_px["railItem"])
        pad, gap, between = theme.grown(6), theme.grown(14), 1
        room = self.height()
        if room < 12 * wanted + 2 * gap + 11 * between + 2 * pad:
            target = theme.tokens.size_px["targetMin"]
            free = room - 12 * target
            pad = max(0, min(pad, free // 8))
            gap = max(2, min(12, (free - 2 * pad) // 2))
            between = 0
            wanted = max(theme.line("label"), min(wanted, (room - 2 * gap - 2 * pad) // 12))
        y = pad
        for number, key in self._keys.items():
            key.setGeometry(0, y, self.width(), wanted)
            y += wanted + between + (gap if number in (4, 8) else 0)
