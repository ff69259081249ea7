"""The tour's program from its start to its end: a library of its own, real windows, pictures in a folder."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from PySide6.QtWidgets import QApplication

from madoguchi.app.settings import Settings
from madoguchi.app.training.saturday import BRANCH, Saturday
from madoguchi.widgets.application import CounterApplication, install_language
from madoguchi.widgets.terminal_place import place_of
from madoguchi.widgets.tour import Tour, no_paper
from madoguchi.widgets.tour_town import TourTown

_log = logging.getLogger("madoguchi")


class NoSuchScene(Exception):
    """A scene was named that is not in the story; the message says which."""


def run_tour(
    settings: Settings, out: Path, say: Callable[[str], None], *, small: bool, only: Sequence[str]
) -> int:
    """Tells the story in the windows of a library made for it; returns the exit status.

    ``out`` is the folder of the pictures, half as large if ``small``, of the scenes in ``only`` if there are
    any; ``say`` prints a line. Of the settings only the looks and the terminal's own count.

    Raises:
        NoSuchScene: ``only`` names a scene that is not in the story.
    """
    settings = replace(
        settings,
        branch=BRANCH,
        server="",
        # nobody's scanner plays along
        scanner=(),
    )
    # a library of its own: the tour lends for real, and must find every situation as it was made
    with TemporaryDirectory(prefix="madoguchi-tour-", ignore_cleanup_errors=True) as folder:
        # it sounds as a counter does, to nobody: no machine's speakers, and no machine without them
        silent = Path(folder) / "silent.conf"
        silent.write_text("pcm.!default { type null }\n", encoding="utf-8")
        os.environ["ALSA_CONFIG_PATH"] = str(silent)
        town = Saturday(Path(folder) / "tour.sqlite")
        application = QApplication(sys.argv[:1])
        install_language(application, settings.language)

        def open_counter(branch: str) -> CounterApplication:
            there = replace(settings, branch=branch)
            place = replace(
                place_of(there), clock=town.clock, card_device=no_paper, receipt_printer=town.printer.place
            )
            line = town.line if branch == BRANCH else town.another_line()
            counter = CounterApplication(application, there, place, line)
            counter.window.resize(1366, 768)
            return counter

        counters = TourTown(application, open_counter)
        try:
            tour = Tour(counters, town, out, small=small, only=only)
        except LookupError as error:
            counters.close()
            raise NoSuchScene(str(error)) from error
        faults: list[BaseException] = []

        def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
            faults.append(error)
            _log.critical("a bug", exc_info=(kind, error, trace))
            application.exit(1)

        sys.excepthook = hook
        tour.said.connect(say)
        tour.finished.connect(application.exit)
        tour.start()
        status = application.exec()
        # a story that ended in the middle of an outage leaves acts that wait
        town.line.mend()
        counters.close()
        town.printer.close()
        return 1 if faults else status
