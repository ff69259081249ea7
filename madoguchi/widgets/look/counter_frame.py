"""The frame of the counter window: it places bar, banner, rail, left panel, centre, question and strip.

The rail takes the whole height between top bar and strip: a banner stands right of it, or in the top bar.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.arrival_card import ArrivalCard
from madoguchi.widgets.look.corner_keys import CornerKeys
from madoguchi.widgets.look.focus_ring import FocusRing
from madoguchi.widgets.look.mode_banner import ModeBanner
from madoguchi.widgets.look.number_pad import NumberPad
from madoguchi.widgets.look.outcome_strip import OutcomeStrip
from madoguchi.widgets.look.painted import Lookable, Readout
from madoguchi.widgets.look.preferences_card import PreferencesCard
from madoguchi.widgets.look.question_card import QuestionCard, monotonic_ms
from madoguchi.widgets.look.scan_list import ScanList
from madoguchi.widgets.look.scan_row import row_height
from madoguchi.widgets.look.task_rail import TaskRail
from madoguchi.widgets.look.theme import Layout, Look, Theme, layout_for
from madoguchi.widgets.look.top_bar import TopBar
from madoguchi.widgets.look.views import BannerView, QuestionView
from madoguchi.widgets.look.words import translate

Card = ArrivalCard | NumberPad | PreferencesCard
"""What can stand where a question stands."""

SMALLEST = QSize(1024, 700)


class CounterFrame(Lookable, QWidget):
    """Owns the parts that every page shares and makes room for the page's own.

    The layout follows from width and text scale; every ``Lookable`` below the frame is told when it changes.
    Parts are public attributes: ``top_bar``, ``corner``, ``banner``, ``rail``, ``question``, ``strip``.
    """

    def __init__(
        self, theme: Theme, parent: QWidget | None = None, *, now_ms: Callable[[], int] = monotonic_ms
    ) -> None:
        QWidget.__init__(self, parent)
        self.look = Look(theme, Layout.WIDE)
        self.top_bar = TopBar(self.look, self)
        self.corner = CornerKeys(self.look, self)
        self.banner = ModeBanner(self.look, self)
        self.rail = TaskRail(self.look, self)
        self.question = QuestionCard(self.look, self, now_ms=now_ms)
        self.strip = OutcomeStrip(self.look, self)
        self._left: QWidget | None = None
        self._centre: QWidget | None = None
        self._cover: QWidget | None = None
        self._card: Card | None = None
        self._banner_wanted = False
        self.banner.hide()
        for part in (self.rail, self.top_bar):
            part.width_changed.connect(self._arrange)
        self.setMinimumSize(SMALLEST)
        self.setAccessibleName(translate("Look", "窓口の画面"))
        # The frame itself takes the focus when no control has it: keys are heard and nothing is ringed.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._ring = FocusRing(self.look, self)

    # Content ----------------------------------------------------------------------------------------

    def set_left(self, widget: QWidget | None) -> None:
        """Put a panel at the left, or above the centre when narrow. The one before is hidden, not deleted."""
        self._exchange(self._left, widget)
        self._left = widget
        self._arrange()

    def set_centre(self, widget: QWidget | None) -> None:
        """Put a page's main part in the centre. The one before is hidden, not deleted."""
        self._tell_of(None)
        self._exchange(self._centre, widget)
        self._centre = widget
        self._tell_of(self.question.view())
        self._arrange()

    def set_cover(self, widget: QWidget | None) -> None:
        """Cover all but the top bar (sign-in, away), or with None uncover it. What is covered is hidden."""
        self._exchange(self._cover, widget)
        self._cover = widget
        self._arrange()

    def centre(self) -> QWidget | None:
        """What stands in the centre."""
        return self._centre

    def cover(self) -> QWidget | None:
        """What covers all but the top bar."""
        return self._cover

    def _exchange(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is not None and old is not new:
            old.hide()
        if new is not None:
            new.setParent(self)
            self._dress(new)
            new.show()

    def set_banner(self, view: BannerView | None) -> None:
        """Show the banner of a mode, or with None take it away because the mode has ended."""
        if view is not None:
            self.banner.set_view(view)
        self._banner_wanted = view is not None
        self._arrange()

    def set_page_key(self, key: str, word: str) -> None:
        """Show the key of a page that is none of the twelve, and its name; empty: there is none."""
        if self.corner.set_page_key(key, word):
            self._arrange()

    def ask(self, view: QuestionView) -> None:
        """Open a question between the centre and the strip."""
        self.question.open(view)
        self._tell_of(view)
        self._arrange()

    def close_question(self) -> None:
        """Take the question away and give its room back."""
        self.question.close_question()
        self._tell_of(None)
        self._arrange()

    def set_card(self, card: Card | None) -> None:
        """Put a card where a question stands, or with None take it away. The one before is hidden."""
        self._exchange(self._card, card)
        self._card = card
        self._arrange()

    def card(self) -> Card | None:
        """The card that is shown."""
        return self._card

    def _tell_of(self, view: QuestionView | None) -> None:
        """Tell what has keys of its own that a question is open, or no longer."""
        self.banner.set_asking(view is not None)
        if isinstance(self._centre, ScanList):
            self._centre.set_asking(view is not None, None if view is None else view.row_key)

    def set_theme(self, theme: Theme) -> None:
        """Wear another palette or text scale."""
        self._wear(Look(theme, layout_for(self.width(), theme.text_scale)))

    def layout_in_force(self) -> Layout:
        """The layout the width allows now."""
        return self.look.layout

    def ring(self) -> FocusRing:
        """The focus ring."""
        return self._ring

    # Inside -----------------------------------------------------------------------------------------

    def _wear(self, look: Look) -> None:
        self.look = look
        self._dress(self)
        self._arrange()
        self.update()

    def _dress(self, root: QWidget) -> None:
        widgets = [root, *root.findChildren(QWidget)] if root is not self else self.findChildren(QWidget)
        for widget in widgets:
            if isinstance(widget, Lookable) and widget.look != self.look:
                widget.set_look(self.look)

    def resizeEvent(self, event: object) -> None:
        """Qt's call."""
        del event
        layout = layout_for(self.width(), self.look.theme.text_scale)
        if layout is not self.look.layout:
            self._wear(self.look.with_layout(layout))
        else:
            self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's call. Without this the first key of the rail would be given the focus."""
        if self.focusWidget() is None:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        super().showEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's call."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.look.theme.colour("ground"))
        painter.end()

    def _arrange(self) -> None:
        width, height = self.width(), self.height()
        y = self._arrange_top(width)
        covered = self._cover is not None
        for part in (self.rail, self.strip, self._left, self._centre):
            if part is not None:
                part.setVisible(not covered)
        self.banner.setVisible(self._banner_wanted and not covered)
        self.question.setVisible(self.question.view() is not None and not covered)
        if self._card is not None:
            self._card.setVisible(not covered)
        if self._cover is not None:
            self._cover.setGeometry(0, y, width, height - y)
            self._cover.show()
            self._ring.follow()
            return
        strip = self.strip.wanted_height()
        bottom = height - strip
        self.strip.setGeometry(0, bottom, width, strip)
        rail = self.rail.wanted_width()
        self.rail.setGeometry(0, y, rail, bottom - y)
        if self._banner_wanted and self.look.layout is Layout.WIDE:
            banner = self.banner.wanted_height()
            self.banner.setGeometry(rail, y, width - rail, banner)
            y += banner
        self._arrange_page(QRect(rail, y, width - rail, bottom - y))
        self._ring.follow()

    def _arrange_top(self, width: int) -> int:
        """Place the top bar, and in it the banner where that is folded; return where the rest begins."""
        folded = self._banner_wanted and self._cover is None and self.look.layout is not Layout.WIDE
        self.top_bar.set_folded(folded)
        height = self.top_bar.wanted_height()
        self.corner.set_covered(self._cover is not None)
        corner = self.corner.sizeHint().width()
        self.corner.setGeometry(width - corner, 0, corner, height)
        width -= corner
        own = self.top_bar.folded_width() if folded else width
        self.top_bar.setGeometry(width - own, 0, own, height)
        if folded:
            self.banner.setGeometry(0, 0, width - own, height)
        return height

    def _arrange_page(self, area: QRect) -> None:
        theme = self.look.theme
        question = 0
        margin = theme.space(3)
        below: QuestionCard | Card | None = self.question if self.question.view() is not None else self._card
        asking = below is not None
        wide = self.look.layout is Layout.WIDE
        left = theme.px(theme.tokens.size_px["patron"]) if wide and self._left is not None else 0
        centre = area.adjusted(left, 0, 0, 0)
        room = QSize(centre.width() - 2 * margin, area.height() - 2 * margin)
        if isinstance(below, QuestionCard | ArrivalCard):
            question = below.fit(room.width(), room.height())
        elif isinstance(below, PreferencesCard):
            question = below.height_within(room.width(), room.height())
        elif below is not None:
            question = min(below.height_for(room.width()), room.height())
        if self._left is not None:
            if wide:
                self._left.setGeometry(area.left(), area.top(), left, area.height())
            else:
                band = self._band_height(self._left)
                rows = area.height() - band - (question + margin if asking else 0)
                # The row asked about matters more than the band: it goes while there is no room for both.
                if asking and rows < 2 * row_height(theme):
                    self._left.hide()
                    band = 0
                else:
                    self._left.setGeometry(area.left(), area.top(), area.width(), band)
                centre.setTop(centre.top() + band)
        if below is not None:
            box = QRect(
                centre.left() + margin,
                centre.bottom() + 1 - margin - question,
                centre.width() - 2 * margin,
                question,
            )
            below.setGeometry(box)
            centre.setBottom(box.top() - margin)
        if self._centre is not None:
            self._centre.setGeometry(centre)

    @staticmethod
    def _band_height(widget: QWidget) -> int:
        if isinstance(widget, Readout):
            return widget.wanted_height()
        return widget.sizeHint().height()
