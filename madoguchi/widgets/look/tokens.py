"""The measures and colours of the look, read from ``resources/tokens.json``."""

from __future__ import annotations

import enum
import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Any


class LookError(Exception):
    """A font, an icon or the token file shipped with the program is missing or broken."""


class Contrast(enum.Enum):
    """Which of the two palettes is worn."""

    LIGHT = "light"
    HIGH = "highContrast"


@dataclass(frozen=True, slots=True)
class Tokens:
    """``tokens.json`` in memory. All lengths are px at 96 dpi and a text scale of 100 %."""

    palettes: Mapping[Contrast, Mapping[str, str]]
    text_family: str
    number_family: str
    fallback_families: tuple[str, ...]
    type_px: Mapping[str, int]
    space_px: Mapping[int, int]
    size_px: Mapping[str, int]
    stroke_px: Mapping[str, int]
    radius_px: Mapping[str, int]
    single_line: float
    paragraph_line: float
    answer_guard_ms: int
    default_scale_at_1920: float


def parse_tokens(text: str) -> Tokens:
    """Make tokens of the file's text.

    Raises:
        LookError: the text is not JSON or lacks a part.
    """
    try:
        raw: dict[str, Any] = json.loads(text)
        return Tokens(
            palettes=MappingProxyType({c: MappingProxyType(dict(raw["color"][c.value])) for c in Contrast}),
            text_family=raw["font"]["text"],
            number_family=raw["font"]["number"],
            fallback_families=tuple(raw["font"]["fallback"]),
            type_px=MappingProxyType(dict(raw["type"])),
            space_px=MappingProxyType({int(step): px for step, px in raw["space"].items()}),
            size_px=MappingProxyType(dict(raw["size"])),
            stroke_px=MappingProxyType(dict(raw["stroke"])),
            radius_px=MappingProxyType(dict(raw["radius"])),
            single_line=float(raw["lineHeight"]["single"]),
            paragraph_line=float(raw["lineHeight"]["para"]),
            answer_guard_ms=int(raw["keys"]["answerGuardMs"]),
            default_scale_at_1920=float(raw["reflow"]["defaultScaleAt1920"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise LookError(f"resources/tokens.json cannot be used: {error!r}") from error


def read_resource(*path: str) -> bytes:
    """The bytes of a file below ``madoguchi/resources``.

    Raises:
        LookError: it is not there or cannot be read.
    """
    place = resources.files("madoguchi.resources")
    for part in path:
        place = place / part
    try:
        return place.read_bytes()
    except OSError as error:
        name = "/".join(path)
        raise LookError(
            f"The program's file resources/{name} is missing or unreadable; install the program again."
        ) from error


@functools.cache
def load_tokens() -> Tokens:
    """The shipped tokens, read on first use.

    Raises:
        LookError: the file is missing or broken.
    """
    return parse_tokens(read_resource("tokens.json").decode("utf-8"))
