"""The counter that the clerk's manual speaks of: the real window on a training library of its own.

Run as ``python -m tests.app.manual_counter docs/manual``, it makes the manual's own pictures anew.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from PySide6.QtCore import QDeadlineTimer, QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from madoguchi.app.settings import Settings
from madoguchi.app.training.saturday import BRANCH, Saturday
from madoguchi.app.training.situations import STAFF, TRAINING_PASSWORD, ItemCase, patron_number
from madoguchi.widgets.application import CounterApplication
from madoguchi.widgets.look.patron_panel import PatronPanel
from madoguchi.widgets.look.views import RowView, Sign
from madoguchi.widgets.scan_page import ScanPage
from madoguchi.widgets.terminal_place import place_of
from madoguchi.widgets.tour_hands import Hands

PATIENCE_MS = 10_000
COLOURS: Final = 48
SIZE: Final = QSize(1366, 768)
NARROWER: Final = QSize(1180, 768)
"""As narrow as three columns go: rows whose pictures fit a page."""


class ManualCounter:
    """A counter at which nobody is signed in yet, and hands to work it.

    Attributes:
        town: its library, its clock and its line.
        place: where it stands.
    """

    def __init__(self, application: QApplication, folder: Path) -> None:
        self.town = Saturday(folder / "manual.sqlite")
        settings = Settings(library_file=folder / "not-used.sqlite", branch=BRANCH, text_scale=1.0)
        self.place = replace(
            place_of(settings), clock=self.town.clock, receipt_printer=self.town.printer.place
        )
        self._application = CounterApplication(application, settings, self.place, self.town.line)
        self.window = self._application.window
        self.window.resize(SIZE)
        self.window.show()
        self.hands = Hands(self.window)

    def close(self) -> None:
        """Ends it as the program does."""
        self.town.line.mend()
        self._application.close()
        self.town.printer.close()
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def until(self, holds: Callable[[], bool]) -> None:
        """Waits until something holds."""
        deadline = QDeadlineTimer(PATIENCE_MS)
        while not holds():
            assert not deadline.hasExpired(), "the manual's counter waited in vain"
            QTest.qWait(5)

    def settled(self) -> None:
        """Waits until all that was asked so far has been answered here."""
        answered: list[None] = []
        self._application.worker.ask(lambda _: None, answered.append)
        self.until(lambda: bool(answered))

    def sign_in(self) -> None:
        """Signs in as the training library's clerk."""
        panel = self.window.sign_in.panel
        panel.user_field().set_text(STAFF[0].login)
        panel.password_field().set_text(TRAINING_PASSWORD)
        self.hands.click(panel.button())
        self.until(lambda: self.window.page is not None)

    def scan(self, *numbers: str) -> None:
        """Reads cards and items; waits for what comes of them."""
        self.hands.scan_numbers(numbers)
        self.settled()

    def type(self, text: str) -> None:
        """Types as people do. What could be a scanner's first key is held back for a moment."""
        before = self.page.list.next_line().text()
        self.hands.type(text)
        self.until(lambda: self.page.list.next_line().text() != before)

    def open_question(self) -> None:
        """Presses F10 and waits until the question takes answers."""
        self.hands.f(10)
        assert self.window.frame.question.view() is not None
        QTest.qWait(self.window.frame.look.theme.tokens.answer_guard_ms + 50)

    @property
    def page(self) -> ScanPage:
        """The page in sight."""
        page = self.window.page
        assert page is not None, "nobody is signed in"
        return page

    def rows(self) -> tuple[RowView, ...]:
        """The rows of the page."""
        return self.page.list.rows()

    def focus(self) -> QWidget:
        """What has the focus."""
        widget = QApplication.focusWidget()
        assert widget is not None, "nothing has the focus"
        return widget

    def keys(self) -> dict[int, str]:
        """What the rail says beside each of the twelve keys, live ones only."""
        rail = self.window.frame.rail
        return {n: rail.key(n).item().word for n in range(1, 13) if rail.key(n).isEnabled()}

    # -- pictures --------------------------------------------------------------------------------------

    def row_picture(self, holds: Callable[[RowView], bool]) -> QImage:
        """The last row of which something holds, as it is painted."""
        self.window.resize(NARROWER)
        self.settle_paint()
        view = self.page.list.rows_view()
        shown = view.rows()
        at = max(place for place, row in enumerate(shown) if holds(row))
        return view.viewport().grab(view.visualRect(view.model().index(at, 0))).toImage()

    def settle_paint(self) -> None:
        """Lets the event loop turn, so that all is laid out."""
        QTest.qWait(50)

    def marked_picture(self) -> QImage:
        """The whole window at half its size, its six parts numbered as in the manual."""
        self.window.resize(SIZE)
        self.settle_paint()
        frame, page = self.window.frame, self.page
        panel = page.left()
        assert isinstance(panel, PatronPanel)

        def within(part: object, x: float, y: float) -> QPointF:
            rect: QRect = part.rect()  # type: ignore[attr-defined]
            corner: QPoint = part.mapTo(self.window, QPoint(0, 0))  # type: ignore[attr-defined]
            return QPointF(corner.x() + rect.width() * x, corner.y() + rect.height() * y)

        places = (
            within(frame.rail, 0.84, 0.12),
            within(panel, 0.86, 0.12),
            within(page.list.rows_view(), 0.8, 0.06),
            within(page.list.next_line(), 0.8, 0.5),
            within(frame.strip, 0.64, 0),
            within(frame.top_bar, 0.26, 0.5),
        )
        image = self.window.grab().toImage()
        theme = frame.look.theme
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = self.window.font()
        font.setFamilies(list(theme.faces.number))
        font.setPixelSize(34)
        font.setBold(True)
        painter.setFont(font)
        for number, centre in enumerate(places, start=1):
            circle = QRectF(centre.x() - 22, centre.y() - 22, 44, 44)
            painter.setPen(QColor(Qt.GlobalColor.white))
            painter.setBrush(QColor(Qt.GlobalColor.black))
            painter.drawEllipse(circle)
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(number))
        painter.end()
        smooth = Qt.TransformationMode.SmoothTransformation
        return image.scaled(SIZE / 2, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)


def pictures(counter: ManualCounter) -> dict[str, QImage]:
    """Every picture of the manual's own, by its file's name."""
    made: dict[str, QImage] = {}

    def row(name: str, sign: Sign, *, answered: bool = False) -> None:
        made[name] = counter.row_picture(lambda row: row.sign is sign and row.answered is answered)

    counter.sign_in()
    counter.scan(patron_number(1), ItemCase.BOOK_A.number)
    row("row-lent.png", Sign.DONE)
    counter.scan(ItemCase.ATTACHMENTS.number)
    row("row-notice.png", Sign.NOTICE)
    counter.scan(ItemCase.REFERENCE.number)
    row("row-refused.png", Sign.REFUSED)
    made["screen.png"] = counter.marked_picture()
    counter.open_question()
    counter.hands.f(9)
    row("row-answered.png", Sign.REFUSED, answered=True)
    counter.scan(ItemCase.BOOK_A.number)
    row("row-same.png", Sign.SAME_ITEM)
    counter.town.line.hold_up()
    counter.hands.scan_number(ItemCase.BOOK_B.number)
    row("row-waiting.png", Sign.PENDING)
    counter.town.line.cut()
    counter.until(lambda: counter.rows()[-1].sign is Sign.OUTAGE)
    row("row-not-lent.png", Sign.OUTAGE)
    return made


def in_few_colours(image: QImage) -> QImage:
    """The same in its commonest colours: a third of the bytes."""
    exact = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = Counter(memoryview(exact.constBits()).cast("I"))
    table = [colour for colour, _ in pixels.most_common(COLOURS)]
    plain = Qt.ImageConversionFlag.ThresholdDither | Qt.ImageConversionFlag.AvoidDither
    return exact.convertToFormat(QImage.Format.Format_Indexed8, table, plain)


def main(folder: Path) -> None:
    """Makes them all; those that the manual has no more are taken away."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication([])
    with TemporaryDirectory(prefix="madoguchi-manual-", ignore_cleanup_errors=True) as home:
        counter = ManualCounter(application, Path(home))
        made = pictures(counter)
        counter.close()
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    for name, image in made.items():
        # quality of a PNG: 0 packs it as tightly as can be, and nothing is lost
        if not in_few_colours(image).save(str(folder / name), quality=0):
            raise OSError(f"{folder / name} cannot be written")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
