"""The bar along the upper edge: where we are, who is signed in, the line, the USB ports, the time."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, Signal
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink, text_width
from madoguchi.widgets.look.icons import Icon
from madoguchi.widgets.look.painted import Readout
from madoguchi.widgets.look.theme import Layout, Look
from madoguchi.widgets.look.views import IndicatorView, TopBarView
from madoguchi.widgets.look.words import translate

_EMPTY = TopBarView("", "", "", IndicatorView("", ""), IndicatorView("", ""), "", "")
_BRANCH = Ink("body", bold=True)
_TERMINAL = Ink("body")
_QUIET = Ink("label", colour="ink2")
_LOUD = Ink("label", bold=True, colour="onSystem")
_CLOCK = Ink("heading", bold=True)


@dataclass(frozen=True, slots=True)
class _Wording:
    """One way to say it all; the next one says less."""

    branch: str
    staff: str
    line: str
    usb: str
    clock: str


class TopBar(Readout):
    """Shows a ``TopBarView``. When room is short it says less, never smaller than 16 px.

    Folded, it leaves its left part to the banner of a mode: it paints the clock and what is not in order.
    All of it is spoken at any time.

    Signals:
        width_changed(): folded, it needs another width than before.
    """

    width_changed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._view = _EMPTY
        self._folded = False

    def set_folded(self, folded: bool) -> None:
        """Leave room for a banner, or take all of it again."""
        if folded != self._folded:
            self._folded = folded
            self.update()

    def set_view(self, view: TopBarView) -> None:
        """Show this."""
        before = self.folded_width()
        self._view = view
        self.speak(
            view.branch,
            view.terminal,
            _staff(view.staff),
            _full(view.line),
            _full(view.usb),
            view.date,
            view.time,
        )
        self.update()
        if self._folded and self.folded_width() != before:
            self.width_changed.emit()

    def wanted_height(self) -> int:
        """Height in px in this look."""
        theme = self.look.theme
        base = theme.tokens.size_px["topBar"]
        height = min(base * 3 // 2, theme.line("heading") + theme.grown(base - 25))
        # The banner's button needs its own height and the room of the focus ring.
        return max(height, theme.tokens.size_px["banner"]) if self._folded else height

    def folded_width(self) -> int:
        """Width in px that stays the bar's own when a banner is folded into it."""
        theme = self.look.theme
        width = round(text_width(theme, self._view.time, _CLOCK)) + 1 + 2 * theme.space(4)
        for words in self._alarms():
            if words:
                plate = round(text_width(theme, words, _LOUD)) + theme.px(21) + 3 * theme.grown(8)
                width += plate + theme.space(5)
        return width

    def _alarms(self) -> tuple[str, str]:
        """What is not in order with the line and with USB; the banner itself speaks of the line."""
        usb = self._view.usb
        return "", "" if usb.ok or usb.told else usb.short or usb.word

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        width, height = self.width(), self.height()
        canvas.fill(self.rect(), "surface")
        canvas.hline(0, width - 1, height - 1)
        theme = canvas.theme
        margin = theme.space(4)
        if self._folded:
            alarms = _Wording("", "", *self._alarms(), self._view.time)
            self._right_part(canvas, alarms, width - margin, height)
            return
        wording = self._wording(width)
        right = self._right_part(canvas, wording, width - margin, height)
        line = QRect(margin, 0, max(0, right - margin - theme.space(4)), height - 1)
        terminal_px = round(text_width(theme, self._view.terminal, _TERMINAL)) + 1
        branch_px = round(text_width(theme, wording.branch, _BRANCH)) + 1
        gap = theme.grown(18) if wording.branch else 0
        branch_room = max(0, min(branch_px, line.width() - gap - terminal_px))
        canvas.text(QRect(line.left(), 0, branch_room, height - 1), wording.branch, _BRANCH)
        left = line.left() + branch_room + gap
        canvas.text(QRect(left, 0, terminal_px, height - 1), self._view.terminal, _TERMINAL)

    def _right_part(self, canvas: Canvas, wording: _Wording, right: int, height: int) -> int:
        theme = canvas.theme
        gap = theme.space(5)
        width = round(text_width(theme, wording.clock, _CLOCK)) + 1
        canvas.text(QRect(right - width, 0, width, height - 1), wording.clock, _CLOCK)
        right -= width + gap
        right = self._indicator(canvas, self._view.usb, wording.usb, Icon.USB, Icon.USB_OFF, right) - gap
        right = self._indicator(canvas, self._view.line, wording.line, Icon.LINE, Icon.OUTAGE, right) - gap
        if wording.staff:
            width = round(text_width(theme, wording.staff, _QUIET)) + 1
            right -= width
            canvas.text(QRect(right, 0, width, height - 1), wording.staff, _QUIET)
        return right

    def _indicator(
        self, canvas: Canvas, state: IndicatorView, words: str, good: Icon, bad: Icon, right: int
    ) -> int:
        """Paint one state so that it ends at ``right``; return where it begins."""
        if not words:
            return right
        theme, height = canvas.theme, self.height() - 1
        ink = _QUIET if state.ok else _LOUD
        icon = theme.px(21)
        gap = theme.grown(8)
        width = round(text_width(theme, words, ink)) + 1
        if state.ok:
            canvas.text(QRect(right - width, 0, width, height), words, ink)
            canvas.icon(right - width - gap - icon // 2, height // 2, icon, good, "ink2")
            return right - width - gap - icon
        pad, inset = theme.grown(8), theme.grown(9)
        plate = QRect(
            right - width - gap - icon - 2 * pad, inset, width + gap + icon + 2 * pad, height - 2 * inset
        )
        canvas.box(plate, fill="system", radius=theme.radius("control"))
        canvas.icon(plate.left() + pad + icon // 2, height // 2, icon, bad, "onSystem")
        canvas.text(QRect(right - pad - width, 0, width, height), words, ink)
        return plate.left()

    def _wording(self, width: int) -> _Wording:
        """The fullest wording that fits, beginning with what the layout grants."""
        view = self._view
        full = _Wording(
            view.branch, _staff(view.staff), _full(view.line), _full(view.usb), f"{view.date} {view.time}"
        )
        labels = _Wording(
            view.branch, full.staff, _label(view.line), _label(view.usb), f"{view.date} {view.time}"
        )
        short = _Wording(view.branch_short or view.branch, view.staff, labels.line, labels.usb, view.time)
        bare = _Wording(short.branch, "", labels.line, labels.usb, view.time)
        # What is in order needs no words at the very last; what is not keeps them.
        line, usb = ("" if state.ok else state.word for state in (view.line, view.usb))
        least = _Wording(short.branch, "", line, usb, view.time)
        line, usb = ("" if state.ok else state.short or state.word for state in (view.line, view.usb))
        tight = _Wording(short.branch, "", line, usb, view.time)
        # what is not in order goes before where we are, which the terminal's name says, too
        alarm = _Wording("", "", line, usb, view.time)
        choices = [full, labels, short, bare, least, tight, alarm]
        first = {Layout.WIDE: 0, Layout.COMPACT: 1, Layout.NARROW: 2}[self.look.layout]
        for choice in choices[first:]:
            if self._needs(choice) <= width:
                return choice
        return alarm

    def _needs(self, wording: _Wording) -> float:
        theme = self.look.theme
        states = [words for words in (wording.line, wording.usb) if words]
        words = text_width(theme, wording.branch, _BRANCH) + text_width(theme, self._view.terminal, _TERMINAL)
        words += text_width(theme, wording.clock, _CLOCK) + text_width(theme, wording.staff, _QUIET)
        words += sum(text_width(theme, state, _LOUD) for state in states)
        icons = len(states) * (theme.px(20) + theme.grown(24))
        return words + icons + theme.grown(18) + 2 * theme.space(4) + 4 * theme.space(5)


def _staff(name: str) -> str:
    return translate("Look", "係 {name}").format(name=name) if name else ""


def _full(state: IndicatorView) -> str:
    return f"{state.label} {state.word}".strip() if state.ok else state.word


def _label(state: IndicatorView) -> str:
    return state.label if state.ok else state.word
