"""The frame of the counter window: it places bar, banner, rail, left panel, centre, question and strip."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from madoguchi.widgets.look.focus_ring import FocusRing
from madoguchi.widgets.look.mode_banner import ModeBanner
from madoguchi.widgets.look.outcome_strip import OutcomeStrip
from madoguchi.widgets.look.painted import Lookable, Readout
from madoguchi.widgets.look.question_card import QuestionCard, monotonic_ms
from madoguchi.widgets.look.scan_row import row_height
from madoguchi.widgets.look.task_rail import TaskRail
from madoguchi.widgets.look.theme import Layout, Look, Theme, layout_for
from madoguchi.widgets.look.top_bar import TopBar
from madoguchi.widgets.look.views import BannerView, QuestionView

SMALLEST = QSize(1024, 700)


class CounterFrame(Lookable, QWidget):
    """Owns the parts that every page shares and makes room for the page's own.

    The layout follows from width and text scale; every ``Lookable`` below the frame is told when it changes.
    Parts are public attributes: ``top_bar``, ``banner``, ``rail``, ``question``, ``strip``.
    """

    def __init__(
        self, theme: Theme, parent: QWidget | None = None, *, now_ms: Callable[[], int] = monotonic_ms
    ) -> None:
        QWidget.__init__(self, parent)
        self.look = Look(theme, Layout.WIDE)
        self.top_bar = TopBar(self.look, self)
        self.banner = ModeBanner(self.look, self)
        self.rail = TaskRail(self.look, self)
        self.question = QuestionCard(self.look, self, now_ms=now_ms)
        self.strip = OutcomeStrip(self.look, self)
        self._left: QWidget | None = None
        self._centre: QWidget | None = None
        self._cover: QWidget | None = None
        self._banner_wanted = False
        self.banner.hide()
        self.setMinimumSize(SMALLEST)
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
        self._exchange(self._centre, widget)
        self._centre = widget
        self._arrange()

    def set_cover(self, widget: QWidget | None) -> None:
        """Cover all but the top bar (sign-in, away), or with None uncover it. What is covered is hidden."""
        self._exchange(self._cover, widget)
        self._cover = widget
        self._arrange()

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

    def ask(self, view: QuestionView) -> None:
        """Open a question between the centre and the strip."""
        self.question.open(view)
        self._arrange()

    def close_question(self) -> None:
        """Take the question away and give its room back."""
        self.question.close_question()
        self._arrange()

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
        y = self.top_bar.wanted_height()
        self.top_bar.setGeometry(0, 0, width, y)
        covered = self._cover is not None
        for part in (self.rail, self.strip, self._left, self._centre):
            if part is not None:
                part.setVisible(not covered)
        self.banner.setVisible(self._banner_wanted and not covered)
        self.question.setVisible(self.question.view() is not None and not covered)
        if self._cover is not None:
            self._cover.setGeometry(0, y, width, height - y)
            self._cover.show()
            self._ring.follow()
            return
        if self._banner_wanted:
            self.banner.setGeometry(0, y, width, self.banner.wanted_height())
            y += self.banner.wanted_height()
        strip = self.strip.wanted_height()
        bottom = height - strip
        self.strip.setGeometry(0, bottom, width, strip)
        rail = self.rail.wanted_width()
        self.rail.setGeometry(0, y, rail, bottom - y)
        self._arrange_page(QRect(rail, y, width - rail, bottom - y))
        self._ring.follow()

    def _arrange_page(self, area: QRect) -> None:
        theme = self.look.theme
        question = 0
        margin = theme.space(3)
        asking = self.question.view() is not None
        wide = self.look.layout is Layout.WIDE
        left = theme.px(theme.tokens.size_px["patron"]) if wide and self._left is not None else 0
        centre = area.adjusted(left, 0, 0, 0)
        if asking:
            question = self.question.height_for(centre.width() - 2 * margin)
        if self._left is not None:
            if wide:
                self._left.setGeometry(area.left(), area.top(), left, area.height())
            else:
                band = self._band_height(self._left)
                room = area.height() - band - (question + margin if asking else 0)
                # The row asked about matters more than the band: it goes while there is no room for both.
                if asking and room < 2 * row_height(theme):
                    self._left.hide()
                    band = 0
                else:
                    self._left.setGeometry(area.left(), area.top(), area.width(), band)
                centre.setTop(centre.top() + band)
        if asking:
            box = QRect(
                centre.left() + margin,
                centre.bottom() + 1 - margin - question,
                centre.width() - 2 * margin,
                question,
            )
            self.question.setGeometry(box)
            centre.setBottom(box.top() - margin)
        if self._centre is not None:
            self._centre.setGeometry(centre)

    @staticmethod
    def _band_height(widget: QWidget) -> int:
        if isinstance(widget, Readout):
            return widget.wanted_height()
        return widget.sizeHint().height()
