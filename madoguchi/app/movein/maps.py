"""What the old system's codes mean here: typed as ``COLUMN:OLD=NEW``, or in a CSV file."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from madoguchi.app.movein.columns import MAPPED
from madoguchi.app.movein.csv_rows import ENCODINGS
from madoguchi.app.movein.library import NotMovedIn

_HEADER: Final = ["column", "old", "new"]
_LONGEST_FILE: Final = 1 << 20


def read_maps(typed: Iterable[str], file: Path | None) -> dict[str, dict[str, str]]:
    """The old codes of each column and the library's own.

    Raises:
        NotMovedIn: something is no such line, or one code is to mean two things.
    """
    maps: dict[str, dict[str, str]] = {}
    for text in typed:
        column, colon, rest = text.partition(":")
        old, equals, new = rest.partition("=")
        if not (colon and equals):
            raise NotMovedIn(f"--map {text}: it is COLUMN:OLD=NEW, as in category:1=resident")
        _add(maps, column, old, new, "--map")
    if file is not None:
        _read_file(maps, file)
    return maps


def _read_file(maps: dict[str, dict[str, str]], file: Path) -> None:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise NotMovedIn(f"{file}: it cannot be read ({error.strerror})") from error
    text = _decoded(raw)
    if text is None or len(raw) > _LONGEST_FILE:
        raise NotMovedIn(f"{file}: it is no map of codes")
    try:
        rows = [row for row in csv.reader(text.splitlines(), strict=True) if row]
    except csv.Error as error:
        raise NotMovedIn(f"{file}: it is no map of codes") from error
    if not rows or [name.strip().lower() for name in rows[0]] != _HEADER:
        raise NotMovedIn(f"{file}: its first row is {','.join(_HEADER)}")
    for place, row in enumerate(rows[1:], start=2):
        if len(row) != len(_HEADER):
            raise NotMovedIn(f"{file}: row {place} is not {', '.join(_HEADER)}")
        _add(maps, row[0], row[1], row[2], f"{file}, row {place}")


def _decoded(raw: bytes) -> str | None:
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    return None


def _add(maps: dict[str, dict[str, str]], column: str, old: str, new: str, where: str) -> None:
    column, old, new = (unicodedata.normalize("NFKC", text).strip() for text in (column, old, new))
    if column not in MAPPED:
        raise NotMovedIn(f"{where}: the column is one of {', '.join(MAPPED)}")
    if not old or not new:
        raise NotMovedIn(f"{where}: both codes are needed")
    if maps.setdefault(column, {}).setdefault(old, new) != new:
        raise NotMovedIn(f"{where}: {column} {old} is to mean two things")
