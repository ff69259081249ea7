"""docs/compliance.md names tests that exist, and each clause has a row with a test or 'not yet'."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.server.rights.matrix import DOCUMENT

ROOT = Path(__file__).parents[3]
TESTS = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def _rows() -> list[list[str]]:
    text = (ROOT / DOCUMENT).read_text(encoding="utf-8")
    table = text[text.index("| clause |") : text.index("\n\n## Who may do what")]
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in table.splitlines()[2:]]


def test_every_named_test_exists() -> None:
    functions: dict[str, set[str]] = {}
    for file, name in TESTS.findall((ROOT / DOCUMENT).read_text(encoding="utf-8")):
        if file not in functions:
            tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
            functions[file] = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert name in functions[file], f"{file}::{name}"


def test_every_row_names_a_test_or_says_not_yet() -> None:
    rows = _rows()
    assert len(rows) == 27
    for clause, asks, proof in rows:
        assert clause
        assert asks
        assert TESTS.search(proof) or "*not yet*" in proof, clause
