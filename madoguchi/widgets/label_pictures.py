"""The sheets of labels as they will be: one beside the list, one in its place, and which sheet is seen."""

from __future__ import annotations

from collections.abc import Callable, Sized
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from madoguchi.widgets import label_words as words
from madoguchi.widgets.label_job import SheetJob
from madoguchi.widgets.label_printing import LabelPrinting
from madoguchi.widgets.label_view import LabelView
from madoguchi.widgets.look.theme import Look


class SheetPictures(QObject):
    """Has the sheet painted that is to be seen, as large as it is to be seen.

    ``job`` says what would be printed now, ``rows`` is what was collected.

    Attributes:
        beside: the small picture; ``enlarged``: the large one, which is seen while ``is_enlarged``.
    """

    def __init__(
        self, look: Look, printing: LabelPrinting, job: Callable[[], SheetJob | None], rows: Sized
    ) -> None:
        super().__init__()
        self._printing = printing
        self._job = job
        self._rows = rows
        self.beside = LabelView(look, beside=True)
        self.enlarged = LabelView(look)
        self.is_enlarged = False
        self._page = 0
        self._ended = False
        for view in (self.beside, self.enlarged):
            view.resized.connect(self.paint)
        self.enlarged.turned.connect(self._turn)

    def pages(self) -> int:
        """How many sheets there are."""
        job = self._job() if not self._ended else None
        return job.pages if job is not None else 0

    def turn_over(self) -> None:
        """The next sheet; behind the last one the first."""
        last = self._page + 1 >= self.pages()
        self._turn(-self._page if last else 1)

    def begin_anew(self) -> None:
        """The sheets are other ones: the first is seen."""
        self._page = 0
        self.paint()

    def end(self) -> None:
        """Nothing is painted any more."""
        self._ended = True
        self._printing.stop_showing()

    def paint(self) -> None:
        """The list, or the room for a picture, is another one."""
        job = self._job() if not self._ended else None
        view = self.enlarged if self.is_enlarged else self.beside
        if job is None or not job.rows:
            self._printing.stop_showing()
            for each in (self.beside, self.enlarged):
                each.set_words(words.no_page_words(any_labels=len(self._rows) > 0))
                each.set_image(None)
            return
        self._page = min(self._page, job.pages - 1)
        view.set_words(words.page_words(self._page, job.pages, len(job.rows)))
        if view.isVisible():
            self._printing.show(job, self._page, view.dots_per_inch(), partial(self._painted, view))

    def _turn(self, by: int) -> None:
        page = max(0, min(self._page + by, self.pages() - 1))
        if page != self._page:
            self._page = page
            self.paint()

    def _painted(self, view: LabelView, image: QImage) -> None:
        if not self._ended:
            view.set_image(image)
