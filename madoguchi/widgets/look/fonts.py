"""The two bundled faces, handed to Qt from the package's own files."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFontDatabase, QGuiApplication

from madoguchi.widgets.look.tokens import LookError, load_tokens, read_resource

TEXT_FILES = ("BIZUDPGothic-Regular.ttf", "BIZUDPGothic-Bold.ttf")
NUMBER_FILES = ("BIZUDGothic-Regular.ttf", "BIZUDGothic-Bold.ttf")


@dataclass(frozen=True, slots=True)
class Faces:
    """Family names as Qt knows them: the face to read first, then what stands in for a rare character."""

    text: tuple[str, ...]
    number: tuple[str, ...]


def _load(files: tuple[str, ...], expected: str) -> str:
    families: set[str] = set()
    for name in files:
        number = QFontDatabase.addApplicationFontFromData(QByteArray(read_resource("fonts", name)))
        found = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
        if not found:
            raise LookError(f"The font resources/fonts/{name} cannot be loaded; install the program again.")
        families.update(found)
    # A Japanese Windows may list the face under its Japanese name only.
    return expected if expected in families else sorted(families)[0]


@functools.cache
def load_faces() -> Faces:
    """Register the bundled fonts with Qt, once for the process.

    Raises:
        LookError: there is no QGuiApplication yet, or a font file is missing or broken.
    """
    if QGuiApplication.instance() is None:
        raise LookError("Fonts can be loaded only after the QApplication has been made.")
    tokens = load_tokens()
    text = _load(TEXT_FILES, tokens.text_family)
    number = _load(NUMBER_FILES, tokens.number_family)
    return Faces((text, *tokens.fallback_families), (number, *tokens.fallback_families))
