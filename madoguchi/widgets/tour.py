"""A busy Saturday through the real windows, scene by scene: done, looked at, and kept as pictures.

Hands type and click as people and scanners do; each scene waits for the window to show what is expected of it
and for nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import Path

from PySide6.QtCore import QBuffer, QCoreApplication, QIODevice, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QImageWriter, QPagedPaintDevice, QPdfWriter

from madoguchi.app.training.saturday import Saturday
from madoguchi.widgets.card_paper import PAGE
from madoguchi.widgets.sheet_paper import DOTS_PER_INCH
from madoguchi.widgets.tour_script import story
from madoguchi.widgets.tour_stage import Stage
from madoguchi.widgets.tour_town import TourTown

translate = QCoreApplication.translate

STEP_LIMIT_MS = 10_000
LOOK_EVERY_MS = 10
COLOURS = 20
"""Colours of a small picture: those of the palette in sight, and the commonest edges of letters."""


class Tour(QObject):
    """Plays the story.

    ``small`` keeps the pictures at half their size and in few colours; ``only`` names the scenes whose
    pictures are kept, all of them if it is empty; the story ends with the last of them.

    Signals:
        said(line): what was done and what came of it.
        finished(status): 0 if every outcome was the expected one, else 1.

    Raises:
        LookupError: ``only`` names a scene that is not in the story.
    """

    said = Signal(str)
    finished = Signal(int)

    def __init__(
        self,
        counters: TourTown,
        town: Saturday,
        folder: Path,
        *,
        small: bool = False,
        only: Collection[str] = (),
    ) -> None:
        super().__init__()
        self._town = town
        self._folder = folder
        self._small = small
        self._stage = Stage(counters.go_to, town)
        self._scenes = tuple(story(self._stage))
        self._kept = {scene.slug for scene in self._scenes}
        if not self._kept.issuperset(only):
            raise LookupError(f"no such scene: {', '.join(sorted(set(only) - self._kept))}")
        self._kept = set(only) or self._kept
        # nobody looks at what comes behind the last of them
        self._end = 1 + max(place for place, scene in enumerate(self._scenes) if scene.slug in self._kept)
        self._at = 0
        self._watch = QTimer(self)
        self._watch.setInterval(LOOK_EVERY_MS)
        self._watch.timeout.connect(self._look)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        # others may come up to a twentieth too early, when an answer is still ignored
        self._rest.setTimerType(Qt.TimerType.PreciseTimer)
        self._rest.timeout.connect(self._play)
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.setInterval(STEP_LIMIT_MS)
        self._limit.timeout.connect(self._give_up)

    def start(self) -> None:
        """Begins; ``finished`` says how it went."""
        self._folder.mkdir(parents=True, exist_ok=True)
        QTimer.singleShot(0, self._prepare)

    def _prepare(self) -> None:
        """A question takes no answer in its first moments: they pass before anybody tries."""
        asking = self._stage.asked()
        guard = self._stage.window.frame.look.theme.tokens.answer_guard_ms if asking else 0
        self._rest.start(guard)

    def _play(self) -> None:
        scene = self._scenes[self._at]
        self._stage.go_to(scene.branch)
        if scene.minute >= 0:
            self._town.set_minute(scene.minute)
        self._stage.begin()
        self._limit.start()
        self._watch.start()
        scene.act()

    def _look(self) -> None:
        time = f"{self._town.clock.local():%H:%M}"
        if time not in self._stage.window.frame.top_bar.text() or not self._scenes[self._at].seen():
            return
        self._watch.stop()
        self._limit.stop()
        # one turn of the event loop more: what follows from what was seen has happened, too
        QTimer.singleShot(0, self._keep)

    def _keep(self) -> None:
        scene = self._scenes[self._at]
        kept = f"  [{self._picture(scene.slug)}]" if scene.slug in self._kept else ""
        strip = self._stage.window.frame.strip.view()
        outcome = f"{strip.word} {strip.title} {strip.right}".strip() if self._stage.window.page else ""
        self.said.emit(f"{self._at + 1:2}. {scene.words}  →  {outcome}{kept}")
        self._at += 1
        if self._at == self._end:
            self.said.emit(translate("Tour", "すべて期待どおりでした（{n}場面）").format(n=self._at))
            self.finished.emit(0)
            return
        self._prepare()

    def _give_up(self) -> None:
        self._watch.stop()
        scene = self._scenes[self._at]
        file = self._picture(f"{scene.slug}-failed")
        strip = self._stage.window.frame.strip.view()
        rows = "; ".join(
            f"{row.number} {row.sign.name}{' ?' if row.pinned else ''} {row.state}"
            for row in self._stage.rows()
        )
        self.said.emit(f"{self._at + 1:2}. {scene.words}  →  {strip.tone.name} {strip.word}  [{file}]")
        self.said.emit(translate("Tour", "期待と違います: {rows}").format(rows=rows))
        self.finished.emit(1)

    def _picture(self, name: str) -> str:
        file = self._folder / f"{name}.png"
        image = self._stage.window.grab().toImage()
        writer = QImageWriter(str(file))
        if self._small:
            theme = self._stage.window.frame.look.theme
            image = small_picture(image, theme.tokens.palettes[theme.contrast].values())
            writer.setQuality(0)  # of PNG: packed as tightly as can be, and nothing is lost
        if not writer.write(image):
            raise OSError(f"{file}: {writer.errorString()}")
        return file.name


def no_paper(printer: str) -> QPagedPaintDevice:
    """What the tour prints cards on: as a printer takes them, and used up by nobody."""
    del printer
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    buffer.setParent(writer)
    writer.setResolution(DOTS_PER_INCH)
    writer.setPageLayout(PAGE)
    return writer


def small_picture(image: QImage, palette: Iterable[str]) -> QImage:
    """Half as wide and high, and in few colours: a tenth of the bytes.

    Of ``palette`` ("#RRGGBB") what is really there is kept exactly, however little of it there is.
    """
    half = image.scaled(
        image.width() // 2,
        image.height() // 2,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    there = _colours(image)
    table = [rgb for rgb in dict.fromkeys(QColor(name).rgb() for name in palette) if there[rgb]]
    table += [rgb for rgb, _ in _colours(half).most_common(COLOURS) if rgb not in table]
    nearest = Qt.ImageConversionFlag.ThresholdDither | Qt.ImageConversionFlag.AvoidDither
    return half.convertToFormat(QImage.Format.Format_Indexed8, table[:COLOURS], nearest)


def _colours(image: QImage) -> Counter[int]:
    # a 32-bit image has no padding at the ends of its lines
    return Counter(memoryview(image.convertToFormat(QImage.Format.Format_RGB32).constBits()).cast("I"))
