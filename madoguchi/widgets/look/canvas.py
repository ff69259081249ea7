"""The brush of all components: text in two faces, signs, key caps, boxes; and a trace of what was written.

The trace lets a test see that nothing was cut off: every piece of text is noted with the rectangle it was
given and the room it needed. The marks let it see in which colour token each thing was painted, and on which.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QPainter,
    QPen,
)

from madoguchi.widgets.look.icons import Icon, icon_image
from madoguchi.widgets.look.line_break import broken
from madoguchi.widgets.look.runs import ELLIPSIS, cut_to_width, plain, plain_paragraph, split_runs
from madoguchi.widgets.look.theme import MINIMUM_TEXT_PX, Face, Theme, face_of

NARROWEST_STRETCH = 75
KEYS_TOGETHER = "+"
STACKED_ABOVE = 1.5


@dataclass(frozen=True, slots=True)
class Piece:
    """One painted text: its words, the rectangle given, the width and height needed, and its pixel size."""

    text: str
    rect: QRect
    width: float
    height: float
    px: int
    elidable: bool


class Shape(enum.Enum):
    """What a mark is."""

    TEXT = "text"
    SIGN = "sign"
    EDGE = "edge"
    """The border of a box, around it on the inside."""
    LINE = "line"
    """A hairline that parts two things and says nothing."""
    GROUND = "ground"


@dataclass(frozen=True, slots=True)
class Mark:
    """One painted thing and its colour token; what is painted later lies above."""

    shape: Shape
    rect: QRect
    colour: str


@dataclass(slots=True)
class Notes:
    """What a canvas writes down for a test, in the order in which it was painted."""

    pieces: list[Piece] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Ink:
    """How a text is set: type role, weight, colour token; ``number`` puts all of it in the number face."""

    role: str = "body"
    bold: bool = False
    colour: str = "ink"
    number: bool = False
    px: int = 0

    def faces(self, theme: Theme) -> tuple[Face, Face]:
        """The text face and the number face."""
        number = theme.face(self.role, bold=self.bold, number=True, px=self.px)
        return (number if self.number else theme.face(self.role, bold=self.bold, px=self.px)), number


def text_width(theme: Theme, text: str, ink: Ink) -> float:
    """Width in px of the text on one line, unlimited."""
    return _width(plain(text), *(face.metrics for face in ink.faces(theme)))


def least_width(theme: Theme, text: str, ink: Ink) -> float:
    """Width in px of the text as small and narrow as ``Canvas.text`` would make it rather than cut it."""
    words, numbers = (
        face_of(tuple(face.font.families()), MINIMUM_TEXT_PX, ink.bold, NARROWEST_STRETCH)
        for face in ink.faces(theme)
    )
    return _width(plain(text), words.metrics, numbers.metrics)


def _width(text: str, words: QFontMetricsF, numbers: QFontMetricsF) -> float:
    return sum(advance for _, _, advance in _advances(text, words, numbers))


def _advances(text: str, words: QFontMetricsF, numbers: QFontMetricsF) -> list[tuple[str, bool, float]]:
    """The text's runs, whether each is a number, and how wide it is."""
    return [
        (piece, is_number, (numbers if is_number else words).horizontalAdvance(piece))
        for piece, is_number in split_runs(text)
    ]


class Canvas:
    """A painter with a theme. Make one per paint event."""

    def __init__(
        self, painter: QPainter, theme: Theme, notes: Notes | None = None, pixel_ratio: float = 1.0
    ) -> None:
        self.painter = painter
        self.theme = theme
        self._notes = notes
        self._pixel_ratio = pixel_ratio
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)

    # Text -------------------------------------------------------------------------------------------

    def text(
        self,
        rect: QRect,
        text: str,
        ink: Ink,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        *,
        elide: bool = False,
    ) -> float:
        """Write one line, vertically centred; return the x where it ends.

        ``elide`` cuts it (titles and creators only). Otherwise a text too wide is set smaller, down to
        16 px, and then narrower, down to 75 %: words that carry a state must be whole.
        """
        line = plain(text)
        word_face, number_face = ink.faces(self.theme)
        word_font, number_font = word_face.font, number_face.font
        words, numbers = word_face.metrics, number_face.metrics
        runs = _advances(line, words, numbers)
        width = sum(advance for _, _, advance in runs)
        if width > rect.width():
            if elide:
                line = cut_to_width(line, rect.width(), lambda part: _width(part, words, numbers))
            else:
                word_font, number_font = self._smaller(line, rect.width(), word_font, number_font)
                words, numbers = QFontMetricsF(word_font), QFontMetricsF(number_font)
            runs = _advances(line, words, numbers)
            width = sum(advance for _, _, advance in runs)
        if self._notes is not None:
            px = word_font.pixelSize()
            self._notes.pieces.append(Piece(line, QRect(rect), width, words.height(), px, elide))
            self._mark(Shape.TEXT, QRect(rect), ink.colour)
        left = float(rect.left())
        if align & Qt.AlignmentFlag.AlignRight:
            left = rect.left() + rect.width() - width
        elif align & Qt.AlignmentFlag.AlignHCenter:
            left = rect.left() + (rect.width() - width) / 2
        top = rect.top() + (rect.height() - words.height()) / 2
        baseline = round(top + words.ascent())
        self.painter.setPen(self.theme.colour(ink.colour))
        return self._runs(runs, left, baseline, (word_font, number_font))

    def _smaller(self, line: str, width: int, words: QFont, numbers: QFont) -> tuple[QFont, QFont]:
        fonts = (QFont(words), QFont(numbers))

        def fits() -> bool:
            return _width(line, QFontMetricsF(fonts[0]), QFontMetricsF(fonts[1])) <= width

        while not fits() and fonts[0].pixelSize() > MINIMUM_TEXT_PX:
            for font in fonts:
                font.setPixelSize(font.pixelSize() - 1)
        stretch = 100
        while not fits() and stretch > NARROWEST_STRETCH:
            stretch -= 5
            for font in fonts:
                font.setStretch(stretch)
        return fonts

    def paragraph(self, rect: QRect, text: str, ink: Ink, *, elide: bool = False) -> int:
        """Write wrapped text from the top; return the height used.

        What does not fit in the rectangle's height is replaced by an ellipsis on the last line that does;
        ``elide`` says that it may be (titles and creators only).
        """
        faces = ink.faces(self.theme)
        fonts = (faces[0].font, faces[1].font)
        words, numbers = faces[0].metrics, faces[1].metrics
        lines = wrapped(self.theme, text, ink, rect.width())
        pitch = round(fonts[0].pixelSize() * self.theme.tokens.paragraph_line)
        room = max(1, rect.height() // pitch)
        if len(lines) > room:
            lines = wrapped(self.theme, text, ink, rect.width(), even=False)
            last = lines[room - 1].rstrip()
            while last and _width(last + ELLIPSIS, words, numbers) > rect.width():
                last = last[:-1]
            lines = [*lines[: room - 1], last + ELLIPSIS]
        self.painter.setPen(self.theme.colour(ink.colour))
        for index, line in enumerate(lines):
            box = QRect(rect.left(), rect.top() + index * pitch, rect.width(), pitch)
            if self._notes is not None:
                width, px = _width(line.rstrip(), words, numbers), fonts[0].pixelSize()
                self._notes.pieces.append(Piece(line, box, width, words.height(), px, elide))
                self._mark(Shape.TEXT, box, ink.colour)
            baseline = round(box.top() + (pitch - words.height()) / 2 + words.ascent())
            self._runs(_advances(line, words, numbers), box.left(), baseline, fonts)
        return len(lines) * pitch

    def _runs(
        self, runs: list[tuple[str, bool, float]], left: float, baseline: int, fonts: tuple[QFont, QFont]
    ) -> float:
        for piece, is_number, advance in runs:
            self.painter.setFont(fonts[1] if is_number else fonts[0])
            self.painter.drawText(QPointF(left, baseline), piece)
            left += advance
        return left

    def _mark(self, shape: Shape, rect: QRect, colour: str) -> None:
        if self._notes is not None:
            self._notes.marks.append(Mark(shape, QRect(rect), colour))

    # Shapes -----------------------------------------------------------------------------------------

    def fill(self, rect: QRect, colour: str) -> None:
        """A block of colour."""
        self._mark(Shape.GROUND, rect, colour)
        self.painter.fillRect(rect, self.theme.colour(colour))

    def icon(self, centre_x: int, centre_y: int, size: int, icon: Icon, colour: str) -> None:
        """An icon around a point."""
        place = QRect(centre_x - size // 2, centre_y - size // 2, size, size)
        self._mark(Shape.SIGN, place, colour)
        image = icon_image(icon, size, self.theme.colour(colour), self._pixel_ratio)
        self.painter.drawImage(QPointF(place.topLeft()), image)

    def hline(self, left: int, right: int, y: int, colour: str = "line", *, dashed: bool = False) -> None:
        """A hairline over pixels ``left`` to ``right``."""
        self._mark(Shape.LINE, QRect(left, y, right - left + 1, 1), colour)
        if not dashed:
            self.painter.fillRect(left, y, right - left + 1, 1, self.theme.colour(colour))
            return
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        pen = QPen(self.theme.colour(colour), 1)
        pen.setDashPattern([3, 2])
        self.painter.setPen(pen)
        self.painter.drawLine(left, y, right, y)
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def vline(self, x: int, top: int, bottom: int, colour: str = "line") -> None:
        """A hairline over pixels ``top`` to ``bottom``."""
        self._mark(Shape.LINE, QRect(x, top, 1, bottom - top + 1), colour)
        self.painter.fillRect(x, top, 1, bottom - top + 1, self.theme.colour(colour))

    def box(
        self,
        rect: QRect,
        *,
        border: str | None = None,
        width: float = 1,
        radius: int = 0,
        fill: str | None = None,
        dashed: bool = False,
    ) -> None:
        """A box whose border lies inside ``rect``."""
        if border is not None:
            self._mark(Shape.EDGE, rect, border)
        if fill is not None:
            self._mark(Shape.GROUND, rect, fill)
        half = width / 2
        frame = QRectF(rect).adjusted(half, half, -half, -half)
        pen = QPen(Qt.PenStyle.NoPen) if border is None else QPen(self.theme.colour(border), width)
        if border is not None:
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        if dashed:
            pen.setDashPattern([3 / width * 1.5, 2 / width * 1.5])
        self.painter.setPen(pen)
        self.painter.setBrush(self.theme.colour(fill) if fill is not None else Qt.BrushStyle.NoBrush)
        self.painter.drawRoundedRect(frame, radius, radius)

    def cap(
        self,
        left: int,
        centre_y: int,
        key: str,
        colour: str,
        *,
        border: str = "",
        most: int = 1000,
        dashed: bool = False,
    ) -> int:
        """A key cap with its name, not higher than ``most``, dashed if it is off; return the x after it."""
        ink = replace(_cap_ink(self.theme, key), colour=colour)
        width = cap_width(self.theme, key)
        lines = _cap_lines(self.theme, key)
        line = round(ink.faces(self.theme)[0].metrics.height()) + 1
        room = cap_height(self.theme) if len(lines) == 1 else len(lines) * line + self.theme.grown(4)
        height = min(most, room)
        rect = QRect(left, centre_y - height // 2, width, height)
        corner = self.theme.radius("control")
        self.box(rect, border=border or colour, width=1.5, radius=corner, dashed=dashed)
        for at, words in enumerate(lines):
            top = rect.top() + height * at // len(lines)
            box = QRect(left, top, width, rect.top() + height * (at + 1) // len(lines) - top)
            self.text(box, words, ink, Qt.AlignmentFlag.AlignHCenter)
        return left + width


def cap_width(theme: Theme, key: str) -> int:
    """Width of a key cap: as wide as "F10" needs, wider for a longer name."""
    usual, own = _cap_ink(theme, "F10"), _cap_ink(theme, key)
    widest = max(text_width(theme, words, own) for words in _cap_lines(theme, key))
    return round(max(text_width(theme, "F10", usual), widest)) + theme.grown(17)


def _cap_lines(theme: Theme, key: str) -> list[str]:
    """The name of two keys held together takes two lines in large text, where bars are short but high."""
    first, together, second = key.partition(KEYS_TOGETHER)
    return [first, second] if together and theme.text_scale > STACKED_ABOVE else [key]


def _cap_ink(theme: Theme, key: str) -> Ink:
    """Two keys held together have a long name: it is set smaller, and in the narrower face."""
    if KEYS_TOGETHER not in key:
        return Ink("label", number=True, bold=True)
    return Ink("label", bold=True, px=max(MINIMUM_TEXT_PX, round(theme.type_px("label") * 0.8)))


def cap_height(theme: Theme) -> int:
    """Height of a key cap."""
    return theme.line("label") + theme.grown(6)


def wrapped(theme: Theme, text: str, ink: Ink, width: int, *, even: bool = True) -> list[str]:
    """The lines a paragraph takes at this width, broken where Japanese may be broken."""
    words, numbers = (face.metrics for face in ink.faces(theme))
    lines: list[str] = []
    for part in plain_paragraph(text).split("\n"):
        lines += broken(part, lambda piece: _width(piece, words, numbers), width, even=even)
    return lines


def paragraph_height(theme: Theme, text: str, ink: Ink, width: int) -> int:
    """The height ``Canvas.paragraph`` would take with all the room it wants."""
    words, _ = ink.faces(theme)
    pitch = round(words.font.pixelSize() * theme.tokens.paragraph_line)
    return len(wrapped(theme, text, ink, width)) * pitch
