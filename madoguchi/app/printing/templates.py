"""Templates of slips: plain text files, checked when they are loaded. How they are written: resources/slips.

A template is the library's own and is read before anybody's data is near it; what is filled in is never
read as a template: a title with braces in it is a title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from itertools import groupby
from pathlib import Path
from typing import Final

from madoguchi.app.printing.slips import (
    ITEM_PLACEHOLDERS,
    KINDS,
    PLACEHOLDERS,
    Align,
    LineKind,
    Slip,
    SlipContent,
    SlipKind,
    SlipLine,
)

RULE: Final = "---"
BARCODE: Final = "|||"
MOST_BYTES: Final = 8_000
MOST_LINES: Final = 80

_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")
_MARKS: Final = re.compile(r"(?P<each>\*\s?)?(?P<align>[\^>])?(?P<large>!)?(?P<text>.*)")
_ALIGNS: Final = {"^": Align.CENTRE, ">": Align.RIGHT, None: Align.LEFT}
_HAS_BARCODE: Final = frozenset({SlipKind.SHELF, SlipKind.TRANSIT})


class BadTemplate(ValueError):
    """A template cannot be used; the message says which line of it and why."""


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """A line before it is filled in; ``each``: it comes once for each item."""

    line: SlipLine
    each: bool = False
    wants: frozenset[str] = frozenset()


Template = tuple[TemplateLine, ...]


def parse_template(kind: SlipKind, text: str) -> Template:
    """Reads a template.

    Raises:
        BadTemplate: it has what its kind does not have, or could not be printed.
    """
    lines = tuple(
        _parsed(kind, number, line.rstrip())
        for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1)
        if not line.startswith("#")
    )
    if not any(line.line.text.strip() for line in lines):
        raise BadTemplate("a slip with nothing on it")
    if len(lines) > MOST_LINES:
        raise BadTemplate(f"more than {MOST_LINES} lines")
    return lines


def _parsed(kind: SlipKind, number: int, text: str) -> TemplateLine:
    if text == RULE:
        return TemplateLine(SlipLine(kind=LineKind.RULE))
    if text == BARCODE:
        if kind not in _HAS_BARCODE:
            raise BadTemplate(f"line {number}: this kind of slip has no barcode")
        return TemplateLine(SlipLine(kind=LineKind.BARCODE))
    found = _MARKS.fullmatch(text)
    # what does not match has characters that end a line, which no line has
    marks: Mapping[str, str | None] = found.groupdict() if found is not None else {"text": text}
    words, each = marks["text"] or "", marks.get("each") is not None
    known = ITEM_PLACEHOLDERS.get(kind, frozenset()) if each else PLACEHOLDERS[kind]
    if each and not known:
        raise BadTemplate(
            f"line {number}: this kind of slip is about one item, a line of it cannot begin with *"
        )
    wants = frozenset(_PLACEHOLDER.findall(words))
    for name in sorted(wants - known):
        raise BadTemplate(f"line {number}: {{{name}}} is none of {', '.join(sorted(known))}")
    if set("{}") & set(_PLACEHOLDER.sub("", words)):
        raise BadTemplate(f"line {number}: a brace that belongs to no placeholder")
    for letter in words:
        if not letter.isprintable():
            raise BadTemplate(f"line {number}: a character that cannot be seen (U+{ord(letter):04X})")
    line = SlipLine(words, _ALIGNS[marks.get("align")], marks.get("large") is not None)
    return TemplateLine(line, each, wants)


class Templates:
    """A template for each kind: the program's own, or the library's where it has one."""

    def __init__(self, own: Mapping[SlipKind, Template] | None = None) -> None:
        self._templates = {**_built_in(), **(own or {})}

    def fill(self, content: SlipContent) -> Slip:
        """The slip with this content."""
        return Slip(content.kind, tuple(_filled(self._templates[content.kind], content)), content.barcode)


def load_templates(files: Iterable[tuple[str, str]] = ()) -> Templates:
    """The program's templates, with these (kind, path) in the place of its own.

    Raises:
        BadTemplate: a kind that there is not, or a file that cannot be read or used; with the path in front.
    """
    own: dict[SlipKind, Template] = {}
    for name, path in files:
        if name not in KINDS:
            raise BadTemplate(f"{name}: one of {', '.join(SlipKind)}")
        try:
            written = Path(path).read_bytes()
            if len(written) > MOST_BYTES:
                raise BadTemplate(f"more than {MOST_BYTES} bytes")
            own[SlipKind(name)] = parse_template(SlipKind(name), written.decode("utf-8"))
        except UnicodeDecodeError:
            raise BadTemplate(f"{path}: not UTF-8") from None
        except (OSError, BadTemplate) as error:
            raise BadTemplate(f"{path}: {error}") from error
    return Templates(own)


def _built_in() -> dict[SlipKind, Template]:
    folder = resources.files("madoguchi.resources").joinpath("slips")
    return {
        kind: parse_template(kind, folder.joinpath(f"{kind.value}.txt").read_text(encoding="utf-8"))
        for kind in SlipKind
    }


def _filled(template: Template, content: SlipContent) -> Iterator[SlipLine]:
    for each, group in groupby(template, lambda line: line.each):
        lines = tuple(group)
        for values in content.items if each else (content.values,):
            yield from (made for line in lines if (made := _line(line, values)) is not None)


def _line(template: TemplateLine, values: Mapping[str, str]) -> SlipLine | None:
    """None: something is missing that the line is about."""
    if any(not values.get(name) for name in template.wants):
        return None
    line = template.line
    text = _PLACEHOLDER.sub(lambda found: values[found[1]], line.text)
    return SlipLine(text, line.align, line.large, line.kind)
