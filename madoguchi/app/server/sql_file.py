"""Reads the SQL files that migrations run: statement by statement, or one function by its name."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path


def statements(file: Path) -> list[str]:
    """The file's statements, one by one: the driver takes one at a time, and bodies hold semicolons.

    Raises:
        ValueError: the last one has no end.
    """
    found: list[str] = []
    lines: list[str] = []
    in_body = False
    for line in file.read_text(encoding="utf-8").splitlines():
        if not in_body and (line.startswith("--") or not line.strip()):
            continue
        lines.append(line)
        in_body ^= line.count("$$") % 2 == 1
        if not in_body and line.endswith(";"):
            found.append("\n".join(lines))
            lines = []
    if lines:
        raise ValueError(f"{file}: a statement without an end")
    return found


def function_texts(file: Path, names: Collection[str]) -> list[str]:
    """The statements that create these functions, named as the file names them."""
    text = file.read_text(encoding="utf-8")
    found = re.findall(r"^create function .*?(?=^create function |\Z)", text, re.MULTILINE | re.DOTALL)
    return [function for function in found if function.split("(")[0].split()[-1] in names]
