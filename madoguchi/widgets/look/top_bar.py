"""The bar along the upper edge: where we are, who is signed in, the line, the USB ports, the time."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect
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
_CLOCK = Ink("heading", bold=True, number=True)


@dataclass(frozen=True, slots=True)
class _Wording:
    """One way to say it all; the next one says less."""

    branch: str
    staff: str
    line: str
    usb: str
    clock: str


class TopBar(Readout):
    """Shows a ``TopBarView``. When room is short it says less, never smaller than 16 px."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._view = _EMPTY

    def set_view(self, view: TopBarView) -> None:
        """Show this."""
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

    def wanted_height(self) -> int:
        """Height in px in this look."""
        theme = self.look.theme
        base = theme.tokens.size_px["topBar"]
        return min(base * 3 // 2, theme.line("heading") + theme.grown(base - 25))

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        width, height = self.width(), self.height()
        canvas.fill(self.rect(), "surface")
        canvas.hline(0, width - 1, height - 1)
        wording = self._wording(width)
        theme = canvas.theme
        margin = theme.space(4)
        right = self._right_part(canvas, wording, width - margin, height)
        line = QRect(margin, 0, max(0, right - margin - theme.space(4)), height - 1)
        terminal_px = round(text_width(theme, self._view.terminal, _TERMINAL)) + 1
        branch_px = round(text_width(theme, wording.branch, _BRANCH)) + 1
        gap = theme.grown(18)
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
        choices = [full, labels, short, bare]
        first = {Layout.WIDE: 0, Layout.COMPACT: 1, Layout.NARROW: 2}[self.look.layout]
        for choice in choices[first:]:
            if self._needs(choice) <= width:
                return choice
        return bare

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
