"""The clerk's manual as text: its sections, its tables and its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MANUAL: Final = Path(__file__).parents[2] / "docs" / "manual.ja.md"
TEXT: Final = MANUAL.read_text(encoding="utf-8")
QUOTED: Final = re.compile("「([^「」]+)」")
"""What stands in brackets: words on the screen."""

OWN_PICTURES: Final = MANUAL.parent / "manual"
PICTURES: Final = tuple(MANUAL.parent / file for file in re.findall(r"!\[[^]]+\]\(([^)]+)\)", TEXT))
"""The files of its pictures, in order."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the manual, cell by cell."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables() -> Iterator[Table]:
    """Every table, in order."""
    for block in re.findall(r"(?:^\|.*\n)+", TEXT, re.MULTILINE):
        lines = [
            tuple(cell.strip() for cell in line.strip().strip("|").split("|")) for line in block.splitlines()
        ]
        assert {len(line) for line in lines} == {len(lines[0])}, f"a table with a cell too many: {lines[0]}"
        yield Table(lines[0], tuple(lines[2:]))


def table_of(*head: str) -> Table:
    """The one table with these words above its columns."""
    found = [table for table in tables() if table.head == head]
    assert len(found) == 1, head
    return found[0]


def section(heading: str) -> str:
    """From this heading to the next of its rank or above."""
    found = re.search(rf"^(#+) {re.escape(heading)}$", TEXT, re.MULTILINE)
    assert found, heading
    rank = len(found[1])
    return re.split(rf"^#{{1,{rank}}} ", TEXT[found.end() :], maxsplit=1, flags=re.MULTILINE)[0]


def unquoted(cell: str) -> str:
    """The words within the brackets, where nothing else stands."""
    found = QUOTED.fullmatch(cell)
    assert found, f"not a quoted word alone: {cell}"
    return found[1]
