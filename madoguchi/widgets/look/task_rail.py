"""The rail of function keys at the left edge, in the keyboard's own groups of four."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink, cap_width, text_width
from madoguchi.widgets.look.focus_ring import REACH
from madoguchi.widgets.look.line_break import phrase_lines
from madoguchi.widgets.look.painted import Lookable, Painted
from madoguchi.widgets.look.theme import MINIMUM_TEXT_PX, Layout, Look
from madoguchi.widgets.look.views import RailItem, RailView
from madoguchi.widgets.look.words import translate

LAST_TASK_KEY = 8
ATTEND_KEY = 10
AWAY_KEY = 12
STEADY_KEYS = 10
MOST_GROWTH = 1.25
USUAL_BADGE = "8"
_BADGE = Ink("label", bold=True, colour="onRefused", number=True)


class RailKey(Painted, QAbstractButton):
    """One key of the rail: cap, word, and the count that waits behind it."""

    def __init__(self, look: Look, number: int, parent: QWidget) -> None:
        QAbstractButton.__init__(self, parent)
        self.look = look
        self._item = RailItem(number, "")
        self._current = False
        self._silent = False
        self._px = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_item(self, item: RailItem, *, current: bool, silent: bool) -> None:
        """Show this item; ``silent`` takes its cap away while a question is open."""
        self._item, self._current, self._silent = item, current, silent
        self.setEnabled(item.enabled and not silent)
        self.setText(item.word.replace("&", "&&"))
        # Not the button's name, which a banner or a question may have on the same screen.
        self.setAccessibleName(translate("Look", "F{key}キー {word}").format(key=item.key, word=item.word))
        state = [translate("Look", "表示中")] if current else []
        if item.badge:
            state.append(translate("Look", "{count}件").format(count=item.badge))
        self.setAccessibleDescription(" ".join(state))
        self.update()

    def item(self) -> RailItem:
        """What it shows."""
        return self._item

    def set_word_px(self, px: int) -> None:
        """Write the word so large, as the keys beside it do."""
        if px != self._px:
            self._px = px
            self.update()

    def fitting_px(self, width: int) -> int:
        """The largest size in px, not under 16, at which the word fits a key of this width."""
        theme = self.look.theme
        largest = theme.type_px("body")
        room = width - theme.grown(6) - self._badge_room() - self._word_left()
        for px in range(largest, MINIMUM_TEXT_PX, -1):
            if text_width(theme, self._wording(room, px), self._word_ink(px)) <= room:
                return px
        return MINIMUM_TEXT_PX

    def least_width(self) -> int:
        """The width in px at which the shorter word fits as large as it should be."""
        theme = self.look.theme
        word = text_width(theme, self._item.short or self._item.word, self._word_ink(0))
        return self._word_left() + round(word) + 1 + theme.grown(6) + self._badge_room()

    def focus_ring_rect(self) -> QRect:
        """Where the focus ring goes: inside the key, because the rail touches the window's edge."""
        return self.rect().adjusted(REACH, REACH, -REACH, -REACH)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call. Enter is a scanner's last character, so it presses nothing."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
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
        cap_left, cap_px = self._cap_left(), cap_width(theme, "F10")
        if self._silent:
            name = Ink("label", colour=ink, number=True)
            canvas.text(
                QRect(cap_left, 0, cap_px, self.height()), f"F{item.key}", name, Qt.AlignmentFlag.AlignHCenter
            )
        else:
            border = ink if item.enabled or self._current else "lineStrong"
            # Dashed, because in high contrast a paler colour is hardly told from the usual one.
            off = not item.enabled and not self._current
            most = self.height() - 8
            canvas.cap(cap_left, middle, f"F{item.key}", ink, border=border, most=most, dashed=off)
        left = self._word_left()
        right = self.width() - theme.grown(6)
        if item.badge:
            self._badge(canvas, right)
        room = self._word_room(self.width())
        wording = self._wording(room, self._px)
        upper, lower, px = self._in_two_lines(wording, room)
        if lower and px > (self._px or theme.type_px("body")):
            word = replace(self._word_ink(px), colour=ink)
            canvas.text(QRect(left, 1, room, middle - 1), upper, word)
            canvas.text(QRect(left, middle, room, self.height() - middle - 1), lower, word)
            return
        word = replace(self._word_ink(self._px), colour=ink)
        canvas.text(QRect(left, 0, room, self.height()), wording, word)

    def _in_two_lines(self, wording: str, room: int) -> tuple[str, str, int]:
        """The word of an answer in two lines, and the largest size at which both fit; else no second line.

        Answers are worded as sentences are, and on one line the longest would be the smallest of the rail.
        """
        theme = self.look.theme
        if not self._item.offered:
            return wording, "", 0
        usual = self._word_ink(0)
        upper, lower = phrase_lines(wording, lambda part: text_width(theme, part, usual))
        for px in range(theme.type_px("body"), MINIMUM_TEXT_PX, -1):
            ink = self._word_ink(px)
            high = 2 * ink.faces(theme)[0].metrics.height() <= self.height() - 2
            if high and max(text_width(theme, line, ink) for line in (upper, lower)) <= room:
                return upper, lower, px
        return wording, "", 0

    def _cap_left(self) -> int:
        return self.look.theme.grown(10)

    def _word_left(self) -> int:
        theme = self.look.theme
        return self._cap_left() + cap_width(theme, "F10") + theme.grown(8)

    def _word_room(self, width: int) -> int:
        badge = self._badge_room() if self._item.badge else 0
        return width - self.look.theme.grown(6) - badge - self._word_left()

    def _badge_room(self) -> int:
        """Kept free on the key that may get a badge, so that its coming moves nothing."""
        if self._item.key != ATTEND_KEY or self._item.offered:
            return 0
        return self._badge_width(str(self._item.badge or USUAL_BADGE)) + self.look.theme.grown(4)

    def _word_ink(self, px: int) -> Ink:
        return Ink("body", bold=self._current or self._item.offered, px=px)

    def _wording(self, room: int, px: int) -> str:
        """The whole word where there is room for it at the usual size, else the short one."""
        item = self._item
        if not item.short:
            return item.word
        if self.look.layout is not Layout.WIDE:
            return item.short
        usual = text_width(self.look.theme, item.word, self._word_ink(0)) <= room
        return (
            item.word
            if usual and text_width(self.look.theme, item.word, self._word_ink(px)) <= room
            else item.short
        )

    def _colours(self) -> tuple[str, str]:
        if self._current:
            return "accent", "onAccent"
        if self._item.offered:
            return "accentTint", "accent"
        dim = self._silent or not self._item.enabled
        return "surfaceAlt", "ink2" if dim else "ink"

    def _badge_width(self, count: str) -> int:
        theme = self.look.theme
        return max(theme.grown(22), round(text_width(theme, count, _BADGE)) + theme.grown(10))

    def _badge(self, canvas: Canvas, right: int) -> None:
        theme = canvas.theme
        count = str(self._item.badge)
        width = self._badge_width(count)
        height = min(self.height() - 4, theme.line("label") + theme.grown(6))
        rect = QRect(right - width, (self.height() - height) // 2, width, height)
        canvas.box(rect, fill="refused", radius=theme.radius("control"))
        canvas.text(rect, count, _BADGE, Qt.AlignmentFlag.AlignHCenter)


class TaskRail(Lookable, QWidget):
    """The twelve keys.

    Signals:
        chosen(key): a key was pressed with the mouse or the space bar; 1..12.
        width_changed(): the words of the tasks need another width than before.
    """

    chosen = Signal(int)
    width_changed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        QWidget.__init__(self, parent)
        self.look = look
        self.setAccessibleName(translate("Look", "業務の一覧"))
        self._keys: dict[int, RailKey] = {}
        self._needed = 0
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
        before = self.wanted_width()
        self._measure()
        if self.wanted_width() != before:
            self.width_changed.emit()
        self._arrange()

    def key(self, number: int) -> RailKey:
        """The key 1..12."""
        return self._keys[number]

    def wanted_width(self) -> int:
        """Width in px in this look: the usual one, or up to a quarter more for longer words."""
        base = self._base_width()
        return min(max(base, self._needed), round(base * MOST_GROWTH))

    def _base_width(self) -> int:
        theme = self.look.theme
        base = {Layout.WIDE: theme.tokens.size_px["rail"], Layout.COMPACT: 132, Layout.NARROW: 112}
        return theme.px(base[self.look.layout])

    def _measure(self) -> None:
        """What the words need that do not change while a page is worked on: the list beside must not move."""
        steady = self._steady()
        if len(steady) == STEADY_KEYS:
            self._needed = max(key.least_width() for key in steady)

    def _steady(self) -> list[RailKey]:
        """The keys whose words do not change; while a question is open its offer is not among them."""
        numbers = (*range(1, LAST_TASK_KEY + 1), ATTEND_KEY, AWAY_KEY)
        return [self._keys[number] for number in numbers if not self._keys[number].item().offered]

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
        for key in self._keys.values():
            key.look = self.look
        self._measure()
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
        # The tasks are written alike, and no key whose word changes with the page makes them smaller.
        alike = min((key.fitting_px(self.width()) for key in self._steady()), default=0)
        for key in self._keys.values():
            key.set_word_px(min(alike, key.fitting_px(self.width())) if alike else 0)
