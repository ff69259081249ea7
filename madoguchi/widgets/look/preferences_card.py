"""The clerk's own settings for this terminal: text size, contrast, sounds; between list and strip."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.canvas import Canvas, Ink, least_width, text_width
from madoguchi.widgets.look.choices import ChoiceRow, SoundRow
from madoguchi.widgets.look.controls import KeyButton
from madoguchi.widgets.look.corner_keys import PREFERENCES_KEY
from madoguchi.widgets.look.flow import block_height, control_gap, draw_block
from madoguchi.widgets.look.painted import Painted, Readout
from madoguchi.widgets.look.panel_views import TEXT_PERCENTS, PreferencesView
from madoguchi.widgets.look.question_card import FRAME, AnswerButton
from madoguchi.widgets.look.theme import Look
from madoguchi.widgets.look.views import ReasonView
from madoguchi.widgets.look.words import translate

LIGHT, HIGH = "light", "high"
_TITLE = Ink("heading", bold=True)
_LABEL = Ink("body", bold=True)
_QUIET = Ink("label", colour="ink2")


class Words(Readout):
    """A sentence that wraps."""

    def set_words(self, words: str) -> None:
        """Say this; empty says nothing."""
        self.speak(words)
        self.update()

    def height_for(self, width: int) -> int:
        """Height in px the sentence takes at this width."""
        return block_height(self.look.theme, self.text(), _QUIET, width)

    def draw(self, canvas: Canvas) -> None:
        """Paint everything."""
        draw_block(canvas, 0, 0, self.width(), self.text(), _QUIET)


@dataclass(frozen=True, slots=True)
class _Group:
    """Settings that stay together on a page: a label, its controls, and a sentence below."""

    label: str
    controls: ChoiceRow | SoundRow
    below: Words | None = None


class _Head(enum.Enum):
    """What stands above the groups."""

    WHOLE = "whole"
    """Title, hint and the button that closes."""
    TURNING = "turning"
    """And the button that turns the page."""
    BRIEF = "brief"
    """The title on one line, no hint: the page would not hold its group otherwise."""


class PreferencesCard(Painted, QWidget):
    """Shows a ``PreferencesView`` and tells what the clerk wishes; it changes nothing itself.

    Tab moves; the arrow keys choose among sizes and contrasts, the space bar switches a sound; Enter does
    nothing here (a scanner sends it). Where there is less height than the card wants, its three groups are
    dealt out on pages, and a button turns them.

    Signals:
        text_size_chosen(percent): one of ``TEXT_PERCENTS``.
        contrast_chosen(high): True for high contrast.
        sound_switched(key, on): this sound is to be on or off.
        sound_heard(key): play this sound once.
        closed(): put the card away.
    """

    text_size_chosen = Signal(int)
    contrast_chosen = Signal(bool)
    sound_switched = Signal(str, bool)
    sound_heard = Signal(str)
    closed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        QWidget.__init__(self, parent)
        self.look = look
        self._view: PreferencesView | None = None
        self._page = 0
        self._head = _Head.WHOLE
        percents = tuple(ReasonView(str(percent), f"{percent}%") for percent in TEXT_PERCENTS)
        self._sizes = ChoiceRow(look, self, percents)
        contrasts = (
            ReasonView(LIGHT, translate("Look", "標準")),
            ReasonView(HIGH, translate("Look", "高コントラスト")),
        )
        self._contrasts = ChoiceRow(look, self, contrasts)
        self._sounds = SoundRow(look, self)
        self._note = Words(look, self)
        self._turn = AnswerButton(look, parent=self)
        self._close = AnswerButton(look, parent=self)
        self._groups = (
            _Group(translate("Look", "文字の大きさ"), self._sizes),
            _Group(translate("Look", "画面の配色"), self._contrasts),
            _Group(translate("Look", "音"), self._sounds, self._note),
        )
        for group in self._groups:
            group.controls.setAccessibleName(group.label)
        self._sizes.chosen.connect(lambda key: self.text_size_chosen.emit(int(key)))
        self._contrasts.chosen.connect(lambda key: self.contrast_chosen.emit(key == HIGH))
        self._sounds.switched.connect(self.sound_switched)
        self._sounds.heard.connect(self.sound_heard)
        self._turn.clicked.connect(self._turn_page)
        self._close.clicked.connect(self.closed)
        self._close.set_words(PREFERENCES_KEY, translate("Look", "閉じる"))
        self.setAccessibleName(self._title())
        self.setAccessibleDescription(self._hint())
        self.hide()

    def set_view(self, view: PreferencesView | None) -> None:
        """Hold this to be seen where the card stands; None hides the card."""
        if self.isHidden():
            self._page = 0
        self._view = view
        if view is not None:
            self._sizes.set_chosen(str(view.text_percent))
            self._contrasts.set_chosen(HIGH if view.high_contrast else LIGHT)
            self._sounds.set_sounds(view.sounds)
            self._note.set_words(view.sound_note)
            self._order()
        self._arrange()
        if view is None:
            self.hide()
        self.update()

    def _order(self) -> None:
        """Tab goes from top to bottom; Qt would put the sounds last, because they were made last."""
        chain = (*self._sizes.buttons(), *self._contrasts.buttons(), *self._sounds.controls())
        for before, after in pairwise((*chain, self._turn, self._close)):
            QWidget.setTabOrder(before, after)

    def view(self) -> PreferencesView | None:
        """What the card holds; None once it was put away."""
        return self._view

    def start(self) -> None:
        """Show the first page and give the keyboard's focus to the text size in force."""
        self._page = 0
        self._arrange(follow_focus=False)
        self._sizes.start()

    def text_sizes(self) -> ChoiceRow:
        """The text sizes."""
        return self._sizes

    def contrasts(self) -> ChoiceRow:
        """Standard and high contrast."""
        return self._contrasts

    def sounds(self) -> SoundRow:
        """The sounds."""
        return self._sounds

    def close_button(self) -> KeyButton:
        """The button that puts the card away."""
        return self._close

    def turn_button(self) -> KeyButton:
        """The button that turns to the next page; hidden while there is one page only."""
        return self._turn

    def _turn_page(self) -> None:
        self._page += 1
        self._arrange(follow_focus=False)
        self.update()

    @staticmethod
    def _title() -> str:
        return translate("Look", "この端末での自分の設定")

    @staticmethod
    def _hint() -> str:
        return translate("Look", "Tab で移り、矢印か Space で変えます。")

    # Layout -----------------------------------------------------------------------------------------

    def height_for(self, width: int) -> int:
        """Height in px at which everything is on one page at this width."""
        return self._height_of(self._groups, width, _Head.WHOLE)

    def height_within(self, width: int, most: int) -> int:
        """Height in px the card makes use of at this width where it gets at most ``most``."""
        pages, head = self._pages(width, most)
        return min(most, max(self._height_of(page, width, head) for page in pages))

    def least_height_for(self, width: int) -> int:
        """Height in px under which not even one group to a page has its room at this width."""
        return max(self._height_of((group,), width, _Head.BRIEF) for group in self._groups)

    def sizeHint(self) -> QSize:
        """Qt's call."""
        width = self.width() or self.look.theme.px(800)
        return QSize(width, self.height_for(width))

    def look_changed(self) -> None:
        """Lay everything out again."""
        for part in (self._sizes, self._contrasts, self._sounds, self._note, self._turn, self._close):
            part.set_look(self.look)
        self._arrange()

    def resizeEvent(self, event: object) -> None:
        """Qt's call."""
        del event
        self._arrange()

    def _pad(self) -> int:
        return self.look.theme.grown(21)

    def _edge(self) -> int:
        return self.look.theme.grown(13)

    def _inner(self, width: int) -> int:
        return width - 2 * self._pad()

    def _label_column(self, width: int) -> int:
        """Width of the labels beside the controls; 0 where the labels stand above and save a row so."""
        theme = self.look.theme
        widest = max(text_width(theme, group.label, _LABEL) for group in self._groups)
        column = round(widest) + 1 + theme.space(4)
        inner = self._inner(width)
        if column > inner // 3:
            return 0
        beside = sum(group.controls.height_for(inner - column) for group in self._groups)
        above = sum(group.controls.height_for(inner) + self._label_line() for group in self._groups)
        return column if beside <= above else 0

    def _label_line(self) -> int:
        return self.look.theme.line(_LABEL.role) + self.look.theme.space(1)

    def _group_height(self, group: _Group, width: int) -> int:
        column = self._label_column(width)
        height = group.controls.height_for(self._inner(width) - column)
        if not column:
            height += self._label_line()
        if group.below is not None and group.below.text():
            height += self.look.theme.space(2) + group.below.height_for(self._inner(width) - column)
        return height

    def _head_buttons_width(self, head: _Head) -> int:
        width = self._close.sizeHint().width()
        if head is not _Head.WHOLE:
            width += control_gap(self.look.theme) + self._turn_width()
        return width

    def _turn_width(self) -> int:
        widest = text_width(self.look.theme, self._turn_words(3, 3), Ink("body", bold=True))
        return round(widest) + 2 + 2 * self.look.theme.grown(12)

    def _words_width(self, width: int, head: _Head) -> int:
        return self._inner(width) - self._head_buttons_width(head) - self.look.theme.space(4)

    def _words_height(self, width: int, head: _Head) -> int:
        theme, room = self.look.theme, self._words_width(width, head)
        if head is _Head.BRIEF:
            return theme.line(_TITLE.role)
        title = block_height(theme, self._title(), _TITLE, room)
        if self._hint_on_one_line(head, room):
            return title + theme.line(_QUIET.role)
        return title + block_height(theme, self._hint(), _QUIET, room)

    def _hint_on_one_line(self, head: _Head, room: int) -> bool:
        """Beside two buttons the hint is rather set smaller than given a line that a row could have."""
        return head is _Head.TURNING and least_width(self.look.theme, self._hint(), _QUIET) <= room

    def _head_height(self, width: int, head: _Head) -> int:
        return max(self._words_height(width, head), self._close.wanted_height())

    def _height_of(self, groups: tuple[_Group, ...], width: int, head: _Head) -> int:
        gap = control_gap(self.look.theme)
        rows = sum(gap + self._group_height(group, width) for group in groups)
        return 2 * self._edge() + self._head_height(width, head) + rows

    def _pages(self, width: int, height: int) -> tuple[list[tuple[_Group, ...]], _Head]:
        """The groups on one page if they have their room, else as many on each as have; and their head."""
        if self.height_for(width) <= height:
            return [self._groups], _Head.WHOLE
        head = _Head.TURNING
        if any(self._height_of((group,), width, head) > height for group in self._groups):
            head = _Head.BRIEF
        pages: list[tuple[_Group, ...]] = []
        for group in self._groups:
            together = (*pages[-1], group) if pages else ()
            fits = 0 < len(together) < len(self._groups)
            if fits and self._height_of(together, width, head) <= height:
                pages[-1] = together
            else:
                pages.append((group,))
        return pages, head

    @staticmethod
    def _turn_words(page: int, pages: int) -> str:
        return translate("Look", "続き {page}/{pages}").format(page=page, pages=pages)

    def _arrange(self, *, follow_focus: bool = True) -> None:
        if self._view is None:
            return
        theme, width, pad = self.look.theme, self.width(), self._pad()
        pages, self._head = self._pages(width, self.height())
        if follow_focus:
            # A new text size deals the groups out anew; the control in use stays in sight.
            for at, page in enumerate(pages):
                if any(
                    group.controls.isAncestorOf(self.focusWidget()) for group in page if self.focusWidget()
                ):
                    self._page = at
        self._page %= len(pages)
        head = self._head_height(width, self._head)
        right = width - pad
        for button, wide in ((self._close, self._close.sizeHint().width()), (self._turn, self._turn_width())):
            high = button.wanted_height()
            button.setGeometry(right - wide, self._edge() + (head - high) // 2, wide, high)
            right -= wide + control_gap(theme)
        self._turn.set_words("", self._turn_words(self._page + 1, len(pages)))
        self._turn.setVisible(self._head is not _Head.WHOLE)
        self._place_groups(pages[self._page], self._edge() + head)

    def _place_groups(self, shown: tuple[_Group, ...], y: int) -> None:
        theme, width, pad = self.look.theme, self.width(), self._pad()
        column = self._label_column(width)
        inner = self._inner(width) - column
        for group in self._groups:
            here = group in shown
            group.controls.setVisible(here)
            if group.below is not None:
                group.below.setVisible(here and bool(group.below.text()))
            if not here:
                continue
            y += control_gap(theme)
            top = y + (0 if column else self._label_line())
            high = group.controls.height_for(inner)
            group.controls.setGeometry(pad + column, top, inner, high)
            if group.below is not None:
                below = group.below.height_for(inner)
                group.below.setGeometry(pad + column, top + high + theme.space(2), inner, below)
            y += self._group_height(group, width)

    # Painting ---------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's call."""
        del event
        painter = QPainter(self)
        self.draw(Canvas(painter, self.look.theme, pixel_ratio=self.devicePixelRatioF()))
        painter.end()

    def draw(self, canvas: Canvas) -> None:
        """Paint the frame, the title and the labels; the controls paint themselves."""
        if self._view is None:
            return
        theme, width, pad = canvas.theme, self.width(), self._pad()
        canvas.fill(self.rect(), "ground")
        canvas.box(self.rect(), border="accent", width=FRAME, radius=theme.radius("card"), fill="surface")
        room, words = self._words_width(width, self._head), self._words_height(width, self._head)
        top = self._edge() + (self._head_height(width, self._head) - words) // 2
        if self._head is _Head.BRIEF:
            canvas.text(QRect(pad, top, room, words), self._title(), _TITLE)
        else:
            top = draw_block(canvas, pad, top, room, self._title(), _TITLE)
            if self._hint_on_one_line(self._head, room):
                canvas.text(QRect(pad, top, room, theme.line(_QUIET.role)), self._hint(), _QUIET)
            else:
                draw_block(canvas, pad, top, room, self._hint(), _QUIET)
        column = self._label_column(width)
        for group in self._groups:
            if group.controls.isHidden():
                continue
            place = group.controls.geometry()
            if column:
                first = group.controls.row_height()
                box = QRect(pad, place.top(), column - theme.space(4), first)
            else:
                line = theme.line(_LABEL.role)
                box = QRect(pad, place.top() - self._label_line(), place.width(), line)
            canvas.text(box, group.label, _LABEL)
