"""A palette and a text scale together: colours, fonts and lengths for the painters."""

from __future__ import annotations

import enum
import functools
from dataclasses import dataclass, replace

from PySide6.QtGui import QColor, QFont, QFontMetricsF

from madoguchi.widgets.look.fonts import Faces
from madoguchi.widgets.look.tokens import Contrast, Tokens

MINIMUM_TEXT_PX = 16
SMALLEST_SCALE = 1.0
LARGEST_SCALE = 2.0
SPACE_GROWTH = 0.35
WIDE_FROM = 1180
COMPACT_FROM = 850


class Layout(enum.Enum):
    """How much stands side by side, by window width divided by text scale."""

    WIDE = "wide"
    COMPACT = "compact"
    NARROW = "narrow"


def layout_for(width: int, text_scale: float) -> Layout:
    """The layout for a window of this width in px."""
    effective = width / text_scale
    if effective >= WIDE_FROM:
        return Layout.WIDE
    return Layout.COMPACT if effective >= COMPACT_FROM else Layout.NARROW


def default_text_scale(tokens: Tokens, screen_width: int) -> float:
    """The text scale a terminal starts with before anybody has chosen one."""
    return tokens.default_scale_at_1920 if screen_width >= 1920 else SMALLEST_SCALE


def contrast_ratio(first: str, second: str) -> float:
    """WCAG 2.1 contrast ratio (1..21) of two colours written ``#RRGGBB``."""

    def luminance(colour: str) -> float:
        def linear(part: str) -> float:
            value = int(part, 16) / 255
            return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

        return 0.2126 * linear(colour[1:3]) + 0.7152 * linear(colour[3:5]) + 0.0722 * linear(colour[5:7])

    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@functools.lru_cache(maxsize=256)
def _font(families: tuple[str, ...], px: int, bold: bool) -> QFont:
    font = QFont()
    font.setFamilies(list(families))
    font.setPixelSize(px)
    font.setBold(bold)
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    return font


@dataclass(frozen=True, slots=True)
class Theme:
    """Tokens seen through one palette and one text scale (1.0 to 2.0; others are brought into it)."""

    tokens: Tokens
    faces: Faces
    contrast: Contrast = Contrast.LIGHT
    text_scale: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "text_scale", min(LARGEST_SCALE, max(SMALLEST_SCALE, self.text_scale)))

    def colour(self, name: str) -> QColor:
        """The colour token of that name; KeyError if there is none."""
        return QColor(self.tokens.palettes[self.contrast][name])

    def hex(self, name: str) -> str:
        """The colour token as ``#RRGGBB``, for style sheets."""
        return self.tokens.palettes[self.contrast][name]

    def px(self, length: float) -> int:
        """A length that grows with the text."""
        return round(length * self.text_scale)

    def grown(self, length: float) -> int:
        """A space: it grows at 35 % of the text's growth."""
        return round(length * (1 + SPACE_GROWTH * (self.text_scale - 1)))

    def space(self, step: int) -> int:
        """Space token 1 to 6 (4, 8, 12, 16, 24, 32 px at 100 %)."""
        return self.grown(self.tokens.space_px[step])

    def size(self, name: str) -> int:
        """Size token, growing as a space does."""
        return self.grown(self.tokens.size_px[name])

    def stroke(self, name: str) -> int:
        """Stroke token; strokes do not grow."""
        return self.tokens.stroke_px[name]

    def radius(self, name: str) -> int:
        """Corner token; corners do not grow."""
        return self.tokens.radius_px[name]

    def type_px(self, role: str) -> int:
        """The pixel size of a type role, never under 16.

        The display sizes of the strip grow more slowly: at 100 % they are read across the counter.
        """
        base = self.tokens.type_px[role]
        growth = {"stripWord": 0.5, "stripDate": SPACE_GROWTH, "lock": SPACE_GROWTH}.get(role, 1.0)
        return max(MINIMUM_TEXT_PX, round(base * (1 + growth * (self.text_scale - 1))))

    def line(self, role: str) -> int:
        """The height of a single line of that role."""
        return round(self.type_px(role) * self.tokens.single_line)

    def font(self, role: str, *, bold: bool = False, number: bool = False, px: int = 0) -> QFont:
        """A font of a type role (or of ``px`` pixels): the text face, or the face with even figures."""
        return QFont(self.face(role, bold=bold, number=number, px=px).font)

    def face(self, role: str, *, bold: bool = False, number: bool = False, px: int = 0) -> Face:
        """The same with its measures, made once. It is shared: copy the font before changing it."""
        families = self.faces.number if number else self.faces.text
        return face_of(families, px or self.type_px(role), bold)


@dataclass(frozen=True, slots=True)
class Face:
    """A font and its measures."""

    font: QFont
    metrics: QFontMetricsF


@functools.lru_cache(maxsize=256)
def face_of(families: tuple[str, ...], px: int, bold: bool, stretch: int = 100) -> Face:
    """A font of these families. A scan asks for hundreds, of a few dozen kinds; no text is kept here."""
    font = QFont()
    font.setFamilies(list(families))
    font.setPixelSize(px)
    font.setBold(bold)
    font.setStretch(stretch)
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    return Face(font, QFontMetricsF(font))


@dataclass(frozen=True, slots=True)
class Look:
    """What every component is told: the theme and the layout in force."""

    theme: Theme
    layout: Layout = Layout.WIDE

    def with_layout(self, layout: Layout) -> Look:
        """The same theme in another layout."""
        return replace(self, layout=layout)
